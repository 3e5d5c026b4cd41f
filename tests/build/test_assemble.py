"""Text to notebooks, through nbgrader for real."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat
import pytest

from autograder.build import build_assignment, stale_folders
from autograder.errors import BuildError, LeakError

STEPS = ("source", "release", "solutions")


def sources(text: str) -> dict[str, str]:
    return {
        cell["metadata"].get("nbgrader", {}).get("grade_id", cell["id"]): "".join(cell["source"])
        for cell in json.loads(text)["cells"]
    }


def bytes_of(course) -> list[bytes]:
    return [(course.root / step / "demo" / "demo.ipynb").read_bytes() for step in STEPS]


def test_a_second_build_changes_no_byte(course) -> None:
    """The first build writes three notebooks; the second, from the same text, finds nothing to change."""
    first = course.build()
    before = bytes_of(course)
    times = [path.stat().st_mtime_ns for path in first.files]
    assert first.changed == first.files == tuple(course.root / step / "demo" / "demo.ipynb" for step in STEPS)
    assert first.leftover == ()
    second = course.build()
    assert second.changed == ()
    assert bytes_of(course) == before
    assert [path.stat().st_mtime_ns for path in second.files] == times


def test_another_course_directory_gets_the_same_bytes(course, tmp_path: Path) -> None:
    """Nothing in a built notebook depends on where it was built."""
    course.build()
    elsewhere = tmp_path / "deeper" / "elsewhere"
    build_assignment(course.load(), course.checks(), elsewhere)
    assert bytes_of(course) == [(elsewhere / step / "demo" / "demo.ipynb").read_bytes() for step in STEPS]


def test_the_release_keeps_signatures_and_public_tests_only(course) -> None:
    """Students see the def line, its docstring, nbgrader's stub, and the tests in the open."""
    course.build()
    release = sources(course.text("release"))
    answer = release["tempered-softmax"]
    assert answer.startswith('def tempered_softmax(z, tau):\n    """Probabilities from scores.')
    assert answer.endswith("\n    # YOUR CODE HERE\n    raise NotImplementedError()")
    assert release["test-tempered-softmax"].endswith('"equal scores get equal probabilities"')
    assert release["shift-proof"] == "YOUR ANSWER HERE"


def test_the_solutions_are_plain_to_read(course) -> None:
    """The marks around an answer, which markdown shows as headings, are gone from the published solutions."""
    course.build()
    assert "BEGIN SOLUTION" in course.text("source")
    assert "SOLUTION" not in course.text("solutions")


def test_the_solutions_keep_answers_and_drop_hidden_tests(course) -> None:
    """What is published after the deadline has every answer and no hidden check, not even its name."""
    course.build()
    solutions = sources(course.text("solutions"))
    assert "weights / weights.sum(dim=-1, keepdim=True)" in solutions["tempered-softmax"]
    assert 'answers["hot-limit"] = {"b"}' in solutions["hot-limit"]
    assert solutions["test-hot-limit"] == sources(course.text("release"))["test-hot-limit"]
    names = [name for checks in course.checks().values() for name in checks]
    assert not [name for name in names if name in course.text("solutions")]
    assert "check_here" in course.text("source")


@pytest.mark.parametrize("step", STEPS)
def test_a_built_notebook_is_valid_and_names_no_machine(course, step: str) -> None:
    """Valid nbformat, no outputs, our fixed metadata, and cell ids that come from grade_ids or content."""
    course.build()
    notebook = nbformat.reads(course.text(step), as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "version" not in notebook.metadata.language_info
    assert notebook.metadata.seq2grade.assignment == "demo"
    for cell in notebook.cells:
        assert cell.get("outputs", []) == []
        assert cell.id == cell.metadata.get("nbgrader", {}).get("grade_id", cell.id)
    assert str(course.root) not in course.text(step)
    assert course.text(step).endswith("}\n")


def test_cells_without_a_name_get_steady_and_different_ids(course) -> None:
    """Two equal unnamed cells differ in id, and an edit elsewhere leaves the ids as they are."""
    twin = "# %% [markdown]\n# Pause here.\n\n"
    course.edit("notebook.py", "# %% [markdown]\n# ## 1.", twin + twin + "# %% [markdown]\n# ## 1.")
    course.build()
    before = [cell["id"] for cell in json.loads(course.text("release"))["cells"]]
    assert len(set(before)) == len(before)
    course.edit("notebook.py", "# ## 3. A common shift", "# ## 3. The same shift for all")
    course.build()
    after = [cell["id"] for cell in json.loads(course.text("release"))["cells"]]
    assert [old == new for old, new in zip(before, after, strict=True)].count(False) == 1


def test_a_long_grade_id_makes_a_valid_cell_id(course) -> None:
    """nbformat allows 64 characters: longer names are cut and told apart by a hash."""
    long = "tempered-softmax-" + "x" * 60
    for name in ("assignment.toml", "notebook.py"):
        course.edit(name, "test-tempered-softmax", long)
    course.build()
    ids = [cell["id"] for cell in json.loads(course.text("release"))["cells"]]
    assert max(map(len, ids)) <= 64
    assert len(set(ids)) == len(ids)


def test_drift_is_reported_and_not_repaired_without_write(course) -> None:
    """write=False names what differs or is missing and touches nothing; a build then repairs just that."""
    assert course.build(write=False).changed == course.build(write=False).files
    assert not (course.root / "release").exists()
    files = course.build().files
    files[1].write_text(files[1].read_text().replace("Probabilities", "Percentages"))
    files[2].unlink()
    assert course.build(write=False).changed == files[1:]
    assert "Percentages" in files[1].read_text()
    assert course.build().changed == files[1:]
    assert course.build(write=False).changed == ()


def test_an_edit_of_the_text_is_drift(course) -> None:
    """A word changed in notebook.py and not rebuilt shows in all three notebooks."""
    files = course.build().files
    course.edit("notebook.py", "equal scores get equal", "equal scores earn equal")
    assert course.build(write=False).changed == files


def test_what_lies_beside_a_notebook_is_leftover(course) -> None:
    """Files that no assignment compiles to are reported, and left for a person to remove."""
    files = course.build().files
    stray = files[1].with_name("old.ipynb")
    stray.write_text("{}")
    checkpoint = files[1].parent / ".ipynb_checkpoints" / "demo-checkpoint.ipynb"
    checkpoint.parent.mkdir()
    checkpoint.write_text("{}")
    assert course.build().leftover == (stray,)
    assert stray.exists()


def test_folders_of_no_assignment_are_stale(course) -> None:
    """A folder that stays behind after an assignment was renamed is named."""
    course.build()
    assert stale_folders(course.root, {"demo"}) == ()
    assert stale_folders(course.root, {"other"}) == tuple(course.root / step / "demo" for step in STEPS)


def test_a_leak_stops_the_build_before_anything_is_written(course) -> None:
    """With something to hide in the open, not even source/ is written."""
    course.edit("notebook.py", "# ## 1. The function", "# ## 1. The function of scores_are_unharmed")
    with pytest.raises(LeakError):
        course.build()
    assert not (course.root / "source").exists()


def test_a_build_leaves_directory_and_environment_alone(course) -> None:
    """nbgrader changes the working directory and keeps a database: neither is to be seen afterwards."""
    here, environment = Path.cwd(), dict(os.environ)
    course.build()
    assert Path.cwd() == here
    assert dict(os.environ) == environment
    assert sorted(path.name for path in course.root.iterdir()) == ["assignments", *sorted(STEPS)]
    assert not list(course.root.rglob("*.db"))


def test_a_build_needs_no_path(course, monkeypatch: pytest.MonkeyPatch) -> None:
    """The build starts no command: it works where PATH leads nowhere."""
    monkeypatch.setenv("PATH", "")
    assert course.build().changed


def test_what_nbgrader_refuses_is_told_in_its_words(course) -> None:
    """A marked region where nbgrader allows none ends as one BuildError that says so."""
    course.edit("notebook.py", "answers = {}", "### BEGIN SOLUTION\nanswers = {}\n### END SOLUTION")
    with pytest.raises(BuildError, match="Solution region detected in a non-solution cell"):
        course.build()
