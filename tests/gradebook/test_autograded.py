"""Claims about the notebooks that formgrader shows: complete, harmless, and without a secret."""

from __future__ import annotations

import copy
import json
import os
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from autograder.errors import GradebookError
from autograder.gradebook import autograded_notebook, write_autograded
from autograder.model import Grade, Repair, Status
from tests.gradebook.sample import check, grade, item, release

CHECKED = item("test-f", "failed", 1.0, 4.0, explanation="Mind the mask.", checks=(
    check("mask_is_causal", Status.FAILED, 0.0, 3.0, message="position 2 sees <its> future", hint="look at the mask",
          mistake="Your mask is a column mask.", detail="SECRET seed 17", picture="<svg><path/></svg>"),
    check("rows_sum", Status.PASSED, 1.0, 1.0, message="SECRET", carried=True),
    check("huge", Status.COULD_NOT_CHECK, 0.0, 0.0, message="SECRET"),
))


def test_autograded_notebook() -> None:
    """The verdicts stand below the test, in words that a student may read; nothing else of a check is in there."""
    notebook = autograded_notebook(replace(grade("ann"), items=(CHECKED,)), release())
    nbformat.validate(nbformat.from_dict(notebook))
    test = notebook["cells"][2]
    assert test["metadata"] == release()["cells"][2]["metadata"]
    told = test["outputs"][0]["data"]
    for kind in ("text/plain", "text/html"):
        for part in ("1 of 4 points", "Mind the mask.", "Claim of mask_is_causal.", "look at the mask",
                     "Your mask is a column mask.", "not your fault", "earlier items"):
            assert part in told[kind]
    assert "position 2 sees <its> future" in told["text/plain"]
    assert "position 2 sees &lt;its&gt; future" in told["text/html"]
    assert test["outputs"][1]["data"]["image/svg+xml"] == "<svg><path/></svg>"
    assert "SECRET" not in json.dumps(notebook)


def test_autograded_is_harmless() -> None:
    """What a student prints or writes cannot act in the browser of whoever opens the notebook."""
    given = grade("ann", repaired=(Repair("files", "", "The file [x](javascript:1)<b>`*.txt was not used."),))
    attack = "<script>alert(1)</script>"
    cells = given.notebook["cells"]
    cells[5]["source"] = f"{attack} and a < b"
    cells[1]["outputs"] = [
        {"output_type": "display_data", "data": {"text/html": attack, "application/javascript": "alert(1)",
                                                 "text/plain": ["a", "b"]}, "metadata": {"isolated": attack}},
        {"output_type": "execute_result", "data": {"text/html": attack}, "execution_count": 1},
        {"output_type": "display_data", "data": {"image/png": "AAAA", "application/vnd.x+json": {}}},
        {"output_type": "stream", "name": "evil", "text": 5},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": "no list"},
        {"output_type": "update_display_data"}, "no output",
    ]
    notebook = autograded_notebook(given, release())
    nbformat.validate(nbformat.from_dict(notebook))
    report, prose, *_, proof = notebook["cells"]
    assert r"\[x\]\(javascript:1\)\<b\>\`\*\.txt" in report["source"]
    assert prose["source"] == "# Work <b>hard</b>"
    assert proof["source"] == "&lt;script>alert(1)&lt;/script> and a < b"
    outputs = notebook["cells"][2]["outputs"]
    assert [one.get("data") for one in outputs[:3]] == [
        {"text/plain": "ab"}, {"text/plain": "(an output that is not shown here)"}, {"image/png": "AAAA"}]
    assert [one["output_type"] for one in outputs[3:]] == ["stream", "error"]
    assert attack not in json.dumps(notebook)


def test_autograded_without_run() -> None:
    """A submission that could not be run gives the release, with the reason on top."""
    given = Grade("ann", "hw1", "", 0.0, 6.0, (), error="The file is empty.", flagged=True)
    notebook = autograded_notebook(given, release())
    assert "could not be graded" in notebook["cells"][0]["source"]
    assert [node["id"] for node in notebook["cells"][1:]] == [node["id"] for node in release()["cells"]]


def test_write_autograded(tmp_path: Path) -> None:
    """The file lies where formgrader looks, replaces an older one, and nothing else is left there."""
    for student in ("ann", "ann", "zoë b"):
        path = write_autograded(tmp_path, grade(student), release())
        assert path == tmp_path / "autograded" / student / "hw1" / "hw1.ipynb"
        assert os.listdir(path.parent) == ["hw1.ipynb"]
        assert json.loads(path.read_text())["cells"][1]["id"] == "f"
    before = copy.deepcopy(release())
    write_autograded(tmp_path, grade("ann"), before)
    assert before == release()


@pytest.mark.parametrize("student", ["..", ".", "", "a/b", "/etc", "a\0b", "x" * 300])
def test_write_autograded_stays_inside(tmp_path: Path, student: str) -> None:
    """A student's id that is no folder name is refused."""
    with pytest.raises(GradebookError):
        write_autograded(tmp_path / "course", grade(student), release())
    assert not list(tmp_path.rglob("*.ipynb"))
