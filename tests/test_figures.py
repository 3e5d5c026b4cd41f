"""`grade --no-figures`: the course's own pictures are left undrawn, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from autograder.export.results import results
from autograder.pipeline import grade_submission
from tests.test_resume import timeless

if TYPE_CHECKING:
    from tests.commands import Command
    from tests.courses import Demo, Grader

pytest_plugins = ["tests.courses", "tests.commands"]

PICTURE = "figure-temperatures"


def test_no_verdict_rests_on_the_courses_pictures(grader: Grader) -> None:
    """Without them the same checks have the same verdicts, what else the notebook shows is there, and no cell is said
    not to have run: a student would wonder why."""
    work = grader.demo.solved()
    one = grader.grade(work)
    two = grade_submission(replace(grader.course, figures=False), grader.demo.hand_in("someone", work), 1)
    drawn, undrawn = ({cell["id"]: cell.get("outputs") for cell in grade.notebook["cells"]} for grade in (one, two))
    assert {name for name in drawn if drawn[name] and not undrawn[name]} == {PICTURE}
    assert [cell.cell for cell in two.cells] == [cell.cell for cell in one.cells if cell.cell != PICTURE]
    assert {cell.status for cell in two.cells} == {"ok"}
    told = [timeless(results([replace(grade, cells=())])["submissions"][0]) for grade in (one, two)]
    assert told[0] == told[1]


def test_a_picture_that_a_student_changed_is_run(grader: Grader) -> None:
    """It may do more than draw by now: a cell to play in has a picture, too."""
    prepared, work = grader.course.prepare("demo"), grader.demo.solved()
    (place,) = prepared.figures(work)
    assert work["cells"][place]["id"] == PICTURE
    work["cells"][place]["source"] = "hot_tau = 500.0"
    assert prepared.figures(work) == frozenset()


def test_the_command_leaves_them_out(course: Demo, seq2grade: Command) -> None:
    """By its option; by default they are drawn."""
    course.hand_in("ada", course.solved())
    for option in ("--figures", "--no-figures"):
        assert seq2grade("grade", "submitted", "--again", option).code == 0
        text = (course.root / "autograded" / "ada" / "demo" / "demo.ipynb").read_text(encoding="utf-8")
        assert ("image/png" in text) is (option == "--figures")
