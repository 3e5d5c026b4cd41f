"""Claims about plain `nbgrader` commands: the same scores as our own, and nothing given away."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.collect import find_submissions
from autograder.gradebook import CourseGradebook, ScoreRow, database_url
from autograder.nbgrader import courses
from autograder.pipeline import Course, grade_submission
from tests.nbgrader.conftest import ATTACK, SECRET, Run, hand_in

EVERYBODY = {"good", "blank", "broken", "renamed", "late", "wrong", "linked"}


def scores(root: Path) -> dict[str, ScoreRow]:
    with CourseGradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        return {row.student: row for row in book.scores("tiny")}


def settings(root: Path) -> Config:
    """nbgrader_config.py of the course, as formgrader loads it."""
    return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()


def grader(root: Path) -> Any:
    return NbGraderAPI(config=settings(root))


def test_same_scores(graded_course: Path, tiny_course: Path) -> None:
    """Every submission has the score that the pipeline gives it, and none stopped the others."""
    found = scores(graded_course)
    assert set(found) == EVERYBODY
    with Course.open(tiny_course) as course:
        for submission in find_submissions(tiny_course, "tiny", ["tiny"]):
            grade = grade_submission(course, submission)
            row = found[submission.student]
            assert (row.score, row.flagged) == (grade.score, grade.flagged), submission.student
            assert row.max_score == grade.max_score + grade.manual_max
            assert row.open_cells == 1  # the proof
    assert {name for name, row in found.items() if row.score == 6.0} == {"good", "renamed", "late"}
    assert 0.0 < found["wrong"].score < 6.0


def test_unreadable(graded_course: Path) -> None:
    """What cannot be read gets no points, a flag, and the reason in the notebook that is shown."""
    for student, says in (("broken", "JSON is broken"), ("linked", "is a link")):
        row = scores(graded_course)[student]
        assert (row.score, row.flagged) == (0.0, True)
        shown = (graded_course / "autograded" / student / "tiny" / "tiny.ipynb").read_text()
        assert says in shown
        assert "softmax(-1)" not in shown


def test_nothing_followed(graded_course: Path) -> None:
    """Links, pipes and devices in a submission reach neither autograded/ nor feedback/; plain files do."""
    for step in ("autograded", "feedback"):
        files = [path for path in (graded_course / step).rglob("*") if path.is_file()]
        assert {path.name for path in files if path.suffix not in (".ipynb", ".html")} == {"data.csv", "timestamp.txt"}
        assert not any(SECRET in path.read_text(encoding="utf-8") for path in files)
    folder = graded_course / "submitted" / "wrong" / "tiny"
    assert sorted(path.name for path in folder.iterdir() if path.name.endswith(".refused")) == [
        "inner_endless.refused", "pipe.refused", "stolen.txt.refused", "timestamp.txt.refused"]
    assert not list(graded_course.rglob("timestamp.txt.refused/*"))


def test_feedback(graded_course: Path, tiny_course: Path) -> None:
    """The feedback page names what is wrong and what was refused, without a hidden check or its code."""
    page = (graded_course / "feedback" / "wrong" / "tiny" / "tiny.html").read_text(encoding="utf-8")
    assert "Each row along the last axis holds the exponentials" in page
    assert "check where the temperature enters" in page
    assert "stolen.txt" in page
    hidden = (tiny_course / "assignments" / "tiny" / "checks.py").read_text(encoding="utf-8")
    names = [line.split("(")[0].removeprefix("def ") for line in hidden.splitlines() if line.startswith("def ")]
    for folder in ("autograded", "feedback"):
        for path in (graded_course / folder).rglob("*.*"):
            text = path.read_text(encoding="utf-8")
            assert not [word for word in ("HIDDEN TESTS", "check_here", "autograder.judge", *names) if word in text]


def test_harmless(graded_course: Path) -> None:
    """Markup in a student's prose and output is text on the page."""
    page = (graded_course / "feedback" / "wrong" / "tiny" / "tiny.html").read_text(encoding="utf-8")
    assert ATTACK not in page
    assert page.count("alert(1)") >= 2


def test_database_without_path(graded_course: Path) -> None:
    """The gradebook was made without the `alembic` command, and nbgrader takes it for its own."""
    with Gradebook(f"sqlite:///{graded_course / 'gradebook.db'}") as api:
        assert api.find_submission("tiny", "late").timestamp.isoformat() == "2030-05-06T07:08:09"
        assert api.find_submission("tiny", "good").timestamp is None


def test_formgrader_sees_it(graded_course: Path) -> None:
    """formgrader lists every submission as graded, with its score."""
    listed = grader(graded_course).get_submissions("tiny")
    assert {one["student"] for one in listed} == EVERYBODY
    assert all(one["autograded"] for one in listed)
    assert {one["student"]: one["score"] for one in listed}["good"] == 6.0


def copy_of(course: Path, tmp_path: Path, *students: str) -> Path:
    """The course with only these submissions."""
    root = tmp_path / "course"
    shutil.copytree(course, root, ignore=lambda folder, names: names if Path(folder).name == "submitted" else [])
    for student in students:
        shutil.copytree(course / "submitted" / student, root / "submitted" / student)
    return root


def test_formgrader_button(tiny_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """formgrader's button, which runs in a server with an event loop, gives the same score."""
    root = copy_of(tiny_course, tmp_path, "good")
    monkeypatch.delenv("SEQ2GRADE_DB", raising=False)
    monkeypatch.chdir(tmp_path)
    api = grader(root)

    async def press() -> dict[str, Any]:
        result: dict[str, Any] = api.autograde("tiny", "good")
        return result

    try:
        result = asyncio.run(press())
    finally:
        courses.close()
    assert result["success"], result
    assert scores(root)["good"].score == 6.0
    assert database_url(root) == settings(root).CourseDirectory.db_url


def test_no_stale_score(tiny_course: Path, tmp_path: Path, nbgrader: Run) -> None:
    """After a good notebook was replaced by a broken one the old score is gone, and a manual score is not."""
    root = copy_of(tiny_course, tmp_path, "good")
    assert nbgrader(root, "autograde", "tiny").returncode == 0
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as api:
        api.find_grade("shift-proof", "tiny", "tiny", "good").manual_score = 2.0
        api.db.commit()
    assert scores(root)["good"].score == 8.0
    hand_in(root, "good", json.dumps([]))
    assert nbgrader(root, "autograde", "tiny", "--force").returncode == 0
    assert scores(root)["good"].score == 2.0
