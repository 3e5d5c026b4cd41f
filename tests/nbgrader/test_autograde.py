"""Claims about plain `nbgrader` commands: the same scores as our own, and nothing given away."""

from __future__ import annotations

import asyncio
import html
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
from autograder.course import Course, Spec
from autograder.gradebook import CourseGradebook, ScoreRow, database_url
from autograder.nbgrader import courses
from autograder.pipeline import grade_submission
from tests.nbgrader.conftest import ATTACK, SECRET, Run, hand_in

pytestmark = pytest.mark.long  # all of these look at what one run of nbgrader left

EVERYBODY = {"good", "blank", "skipped", "broken", "renamed", "late", "wrong", "linked"}


def scores(root: Path) -> dict[str, ScoreRow]:
    with CourseGradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        return {row.student: row for row in book.scores("tiny")}


def settings(root: Path) -> Config:
    """nbgrader_config.py of the course, as formgrader loads it."""
    return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()


def grader(root: Path) -> Any:
    return NbGraderAPI(config=settings(root))


def test_same_scores(graded_course: Path, tiny_course: Path) -> None:
    """Every submission has the score that the pipeline gives it, none stopped the others, and who was late pays."""
    found = scores(graded_course)
    assert set(found) == EVERYBODY
    with Course.open(Spec(tiny_course)) as course:
        for submission in find_submissions(tiny_course, "tiny", ["tiny"]):
            grade = grade_submission(course, submission)
            row = found[submission.student]
            assert (row.score, row.flagged) == (grade.score, grade.flagged), submission.student
            assert row.max_score == grade.max_score + grade.manual_max
            assert row.open_cells == (submission.student not in ("blank", "skipped"))  # the proof
            assert row.penalty == (0.6 if submission.student == "late" else 0.0)
    assert {name for name, row in found.items() if row.score == 6.0} == {"good", "renamed", "late"}
    assert found["blank"].score == found["skipped"].score == 0.0
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
        assert {path.name for path in files if path.suffix not in (".ipynb", ".html")} == {
            "data.csv",
            "timestamp.txt",
            "submission_secret.txt",
            "rows.csv",
        }
        assert not any(SECRET in path.read_text(encoding="utf-8") for path in files)
    folder = graded_course / "submitted" / "wrong" / "tiny"
    aside = sorted(path.name for path in folder.iterdir() if path.name.endswith(".refused"))
    assert aside.pop(0).startswith("big-")  # the name that comes first was taken
    assert aside == [
        "big.refused",
        "hard.txt.refused",
        "inner_endless.refused",
        "pipe.refused",
        "stolen.txt.refused",
        "timestamp.txt.refused",
    ]
    assert not list(graded_course.rglob("timestamp.txt.refused/*"))


def test_feedback(graded_course: Path, tiny_course: Path) -> None:
    """The feedback page names what is wrong and what was refused, without a hidden check or its code."""
    page = (graded_course / "feedback" / "wrong" / "tiny" / "tiny.html").read_text(encoding="utf-8")
    assert "Each row along the last axis holds the exponentials" in page
    assert "check where the temperature enters" in page
    assert "stolen.txt" in page
    assert "Hidden, so not used: ..x" in html.unescape(page)
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
    """formgrader's button, which runs in a server with an event loop, gives the same score. Pressed again it leaves
    what a person gave to the same work settled, and judges by the checks that lie there then."""
    root = copy_of(tiny_course, tmp_path, "good")
    monkeypatch.delenv("SEQ2GRADE_DB", raising=False)
    monkeypatch.chdir(tmp_path)
    api = grader(root)

    async def press() -> None:
        result: dict[str, Any] = api.autograde("tiny", "good")
        assert result["success"], result

    try:
        asyncio.run(press())
        assert scores(root)["good"].score == 6.0
        with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
            proof = book.find_grade("shift-proof", "tiny", "tiny", "good")
            proof.manual_score, proof.needs_manual_grade = 2.0, False
            book.db.commit()
        asyncio.run(press())
        assert (scores(root)["good"].score, scores(root)["good"].open_cells) == (8.0, 0)
        checks = root / "assignments" / "tiny" / "checks.py"
        text = checks.read_text(encoding="utf-8")
        checks.write_text(text.replace("torch.softmax(z / tau", "torch.softmax(z * tau"), encoding="utf-8")
        asyncio.run(press())
        assert scores(root)["good"].score == 6.0
    finally:
        courses.close()
    assert database_url(root) == settings(root).CourseDirectory.db_url


def test_no_stale_score(graded_course: Path, tmp_path: Path, nbgrader: Run) -> None:
    """After a good notebook was replaced by a broken one the old score is gone, and a manual score is not."""
    root = copy_of(graded_course, tmp_path, "good")
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as api:
        api.find_grade("shift-proof", "tiny", "tiny", "good").manual_score = 2.0
        api.db.commit()
    assert scores(root)["good"].score == 8.0
    hand_in(root, "good", json.dumps([]))
    assert nbgrader(root, "autograde", "tiny", "--student", "good", "--force").returncode == 0
    assert scores(root)["good"].score == 2.0


def test_the_courses_files_lie_beside_a_graded_notebook(graded_course: Path) -> None:
    """Where a student changed a file of the course's, the course's own one counts, and is what the instructor sees."""
    graded = graded_course / "autograded" / "good" / "tiny"
    assert (graded / "tables" / "rows.csv").read_text() == "the course's"
    assert (graded_course / "submitted" / "good" / "tiny" / "tables" / "rows.csv").read_text() == "a student's"
