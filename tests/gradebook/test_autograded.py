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
from autograder.gradebook.bounds import LIMIT
from autograder.model import Grade, Repair, Status
from tests.gradebook.sample import check, grade, item, release

CHECKED = item(
    "test-f",
    "failed",
    1.0,
    4.0,
    explanation="Mind the mask.",
    checks=(
        check(
            "mask_is_causal",
            Status.FAILED,
            0.0,
            3.0,
            message="position 2 sees <its> future",
            hint="look at the mask",
            mistake="Your mask is a column mask.",
            detail="SECRET seed 17",
            thinks="SECRET",
            picture="<svg><path/></svg>",
        ),
        check("rows_sum", Status.PASSED, 1.0, 1.0, message="SECRET", carried=True),
        check("huge", Status.COULD_NOT_CHECK, 0.0, 0.0, message="SECRET"),
    ),
)


def test_autograded_notebook() -> None:
    """The verdicts stand below the test, in words that a student may read; nothing else of a check is in there."""
    notebook = autograded_notebook(replace(grade("ann"), items=(CHECKED,)), release())
    nbformat.validate(nbformat.from_dict(notebook))
    test = notebook["cells"][2]
    assert test["metadata"] == release()["cells"][2]["metadata"]
    told = test["outputs"][0]["data"]
    for kind in ("text/plain", "text/html"):
        for part in (
            "1 of 4 points",
            "Mind the mask.",
            "Claim of mask_is_causal.",
            "look at the mask",
            "Your mask is a column mask.",
            "not your fault",
            "earlier items",
        ):
            assert part in told[kind]
    assert "position 2 sees <its> future" in told["text/plain"]
    assert "position 2 sees &lt;its&gt; future" in told["text/html"]
    assert test["outputs"][1]["data"]["image/svg+xml"] == "<svg><path/></svg>"
    assert "SECRET" not in json.dumps(notebook)


def test_autograded_tells_a_cause_once_and_of_nothing_one_line() -> None:
    """Checks that one exception failed do not repeat it; an answer that nobody began is not explained."""
    raised = [check(name, Status.FAILED, 0.0, 2.0, message="`f` raised ValueError.", hint="look", given=f"`f`, {name}")
              for name in ("one", "two")]  # fmt: skip
    for status, times in (("failed", 1), ("not_started", 0)):
        given = item("test-f", status, 0.0, 4.0, checks=tuple(raised))
        notebook = autograded_notebook(replace(grade("ann"), items=(given,)), release())
        told = notebook["cells"][2]["outputs"][0]["data"]["text/plain"]
        assert [told.count(part) for part in ("raised ValueError", "look", "Called: `f`, one")] == [times] * 3
        assert "Called: `f`, two" not in told
        assert ("Not started" in told) == (not times)
        assert told.count("Claim of") == 2 * times


def test_autograded_is_harmless() -> None:
    """What a student prints or writes cannot act in the browser of whoever opens the notebook."""
    given = grade("ann", repaired=(Repair("files", "", "The file [x](javascript:1)<b>`*.txt was not used."),))
    attack = "<script>alert(1)</script>"
    cells = given.notebook["cells"]
    cells[5]["source"] = f"{attack} and a < b"
    cells[1]["outputs"] = [
        {
            "output_type": "display_data",
            "data": {"text/html": attack, "application/javascript": "alert(1)", "text/plain": ["a", "b"]},
            "metadata": {"isolated": attack},
        },
        {"output_type": "execute_result", "data": {"text/html": attack}, "execution_count": 1},
        {"output_type": "display_data", "data": {"image/png": "AAAA", "application/vnd.x+json": {}}},
        {"output_type": "stream", "name": "evil", "text": 5},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": "no list"},
        {"output_type": "update_display_data"},
        "no output",
    ]
    notebook = autograded_notebook(given, release())
    nbformat.validate(nbformat.from_dict(notebook))
    report, prose, *_, proof = notebook["cells"]
    assert r"\[x\]\(javascript:1\)\<b\>\`\*\.txt" in report["source"]
    assert prose["source"] == "# Work <b>hard</b>"
    assert proof["source"] == "< script>alert(1)< /script> and a < b"
    outputs = notebook["cells"][2]["outputs"]
    assert [one.get("data") for one in outputs[:3]] == [
        {"text/plain": "ab"},
        {"text/plain": "(an output that is not shown here)"},
        {"image/png": "AAAA"},
    ]
    assert [one["output_type"] for one in outputs[3:]] == ["stream", "error"]
    assert attack not in json.dumps(notebook)


def _display(kind: str, size: int) -> dict[str, object]:
    return {"output_type": "display_data", "data": {kind: "A" * size}, "metadata": {}}


def _stream(text: str) -> dict[str, object]:
    return {"output_type": "stream", "name": "stdout", "text": text}


@pytest.mark.parametrize(
    "outputs",
    [
        [_stream("x" * 30_000_000)],
        [_stream("\0" * 4_000_000)],
        [_stream("\n" * 4_000_000)],
        [_stream("é" * 5_000_000)],
        [_stream("a")] * 100_000,
        [_display("image/png", 20_000_000)],
        [{"output_type": "error", "ename": "E", "evalue": "x" * 10_000_000, "traceback": ["a"] * 1_000_000}],
        [_stream("a"), _display("text/plain", 9_000_000), _stream("b")],
    ],
)
def test_outputs_are_bounded(tmp_path: Path, outputs: list[dict[str, object]]) -> None:
    """Whatever was printed: the file has a limit, sources stay whole, and what is cut is said; verdicts stay."""
    given = replace(grade("ann"), items=(CHECKED,))
    for place in (1, 3):
        given.notebook["cells"][place]["outputs"] = outputs
    given.notebook["cells"][2]["outputs"] = [_stream("short")]
    path = write_autograded(tmp_path, given, release())
    assert path.stat().st_size < LIMIT
    written = json.loads(path.read_text())
    assert [cell["source"] for cell in written["cells"]] == [cell["source"] for cell in given.notebook["cells"]]
    assert "too large" in written["cells"][1]["outputs"][-1]["text"]
    assert written["cells"][2]["outputs"][0]["text"] == "short"
    assert "1 of 4 points" in written["cells"][2]["outputs"][1]["data"]["text/plain"]
    copy = tmp_path / "as nbgrader writes it.ipynb"
    nbformat.write(nbformat.from_dict(written), copy)
    assert copy.stat().st_size < LIMIT


@pytest.mark.parametrize("source", ["x" * 30_000_000, "\0" * 9_000_000, "\n" * 9_000_000, "#\n" * 3_000_000])
def test_sources_are_bounded(tmp_path: Path, source: str) -> None:
    """A source that no file should hold is cut, and says so; short ones stay, and so do verdicts."""
    given = replace(grade("ann"), items=(CHECKED,))
    given.notebook["cells"][1]["source"] = source
    given.notebook["cells"][5] |= {"source": source, "attachments": {"a": {"image/png": "A" * 9_000_000}}}
    given.notebook["cells"] += [
        {
            "cell_type": "code",
            "id": f"own-{number}",
            "metadata": {},
            "source": "y = 1\n" * 20,
            "outputs": [_stream("a" * 900)],
        }
        for number in range(5000)
    ]
    path = write_autograded(tmp_path, given, release())
    assert path.stat().st_size < LIMIT
    cells = json.loads(path.read_text())["cells"]
    assert all("too large" in cells[place]["source"] for place in (1, 5))
    assert cells[2]["source"] == given.notebook["cells"][2]["source"]
    assert "1 of 4 points" in cells[2]["outputs"][-2]["data"]["text/plain"]


def test_many_repairs_are_bounded() -> None:
    """Thousands of repairs are a few lines and a number."""
    given = replace(grade("ann"), repaired=(Repair("files", "", "Told."),) * 5000)
    told = autograded_notebook(given, release())["cells"][0]["source"]
    assert told.count("Told") == 50
    assert told.endswith("and 4950 more")


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
