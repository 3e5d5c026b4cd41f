"""A run that finds work graded already: nothing is run twice, nothing stale is taken for a grade."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder import batch, planned, resume, versions
from autograder.batch import Done, Plan
from autograder.course import Course, Prepared
from autograder.export.results import results
from autograder.gradebook import CourseGradebook, database_url
from autograder.gradebook.kept import read_kept, write_kept
from autograder.grading import Listener
from autograder.model import Submission
from autograder.resume import State
from autograder.sandbox.client import Zygote
from tests.test_stopping import start, temporary, until

if TYPE_CHECKING:
    from tests.commands import Command
    from tests.courses import Demo

__all__ = ["temporary"]  # a fixture
pytest_plugins = ["tests.commands", "tests.courses"]

WRONG = "def square(x):\n    return x + 1.5"


class Ran(Listener):
    """Notes who was run, not only taken over."""

    def __init__(self) -> None:
        self.students: list[str] = []

    def started(self, submission: Submission) -> None:
        self.students.append(submission.student)


def run(demo: Demo, **more: Any) -> tuple[Done, list[str]]:
    """What came of grading submitted/, and whose work was run for it."""
    ran = Ran()
    plan = Plan(demo.root, (demo.root / "submitted",), **{"seed": 1, "jobs": 1, **more})
    return batch.run(plan, ran), sorted(ran.students)


def told(done: Done) -> list[dict[str, Any]]:
    """The results as the JSON has them, without how long things took."""
    return [timeless(one) for one in results(done.grades)["submissions"]]


def timeless(entry: dict[str, Any]) -> dict[str, Any]:
    cells = [{**cell, "seconds": 0} for cell in entry["cells"]]
    return {**entry, "seconds": 0, "cpu_seconds": 0, "cells": cells}


def rows(demo: Demo) -> list[Any]:
    with CourseGradebook(database_url(demo.root)) as book:
        return list(book.scores("chain"))


@pytest.fixture
def two(demo: Demo) -> Demo:
    """The course with the work of two, of whom one is right."""
    demo.hand_in("ada", demo.solved("chain", square=WRONG), "chain")
    demo.hand_in("bob", demo.solved("chain"), "chain")
    return demo


@pytest.mark.usefixtures("warm")
def test_what_is_graded_is_not_run_again(two: Demo) -> None:
    """The second run has the same results, gradebook and pages, and says that it ran nothing; --again runs all."""
    first, ran = run(two, report=two.root / "first")
    assert ran == ["ada", "bob"]
    before, kept = rows(two), [read_kept(two.root, "chain", name) for name in ("ada", "bob")]
    second, ran = run(two, report=two.root / "second")
    assert ran == []
    assert told(second) == told(first)
    assert rows(two) == before
    assert [read_kept(two.root, "chain", name) for name in ("ada", "bob")] == kept
    assert any("2 of 2 were graded already" in note for note in second.notes)
    pages = [two.root / name / "chain/feedback/ada/feedback.html" for name in ("first", "second")]
    assert pages[0].read_text(encoding="utf-8") == pages[1].read_text(encoding="utf-8")
    third, ran = run(two, again=True)
    assert ran == ["ada", "bob"]
    assert told(third) == told(first)


def hand_in_better(demo: Demo) -> None:
    demo.hand_in("ada", demo.solved("chain"), "chain")


def add_a_file(demo: Demo) -> None:
    (demo.root / "submitted/ada/chain/helpers.py").write_text("x = 1\n")


def lose_the_notebook(demo: Demo) -> None:
    (demo.root / "autograded/ada/chain/chain.ipynb").unlink()


def break_what_was_kept(demo: Demo) -> None:
    (demo.root / ".seq2grade/chain/ada.json").write_text('{"student": "ada"')


def leave_points_open(demo: Demo) -> None:
    grade = read_kept(demo.root, "chain", "ada")
    assert grade is not None
    write_kept(demo.root, grade.__class__(**{**vars(grade), "pending": 2.0}))


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize(
    "change", [hand_in_better, add_a_file, lose_the_notebook, break_what_was_kept, leave_points_open]
)
def test_what_differs_is_run(two: Demo, change: Any) -> None:
    """Other work, one more file, a result that is broken, gone or undecided: that one is graded again, no other."""
    run(two)
    change(two)
    done, ran = run(two)
    assert ran == ["ada"]
    assert [row.score for row in rows(two)] == [grade.score for grade in done.grades]
    assert run(two)[1] == []


@pytest.mark.usefixtures("warm")
def test_the_warm_process_starts_while_assignments_load(two: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both take seconds. Where all is graded already, nothing is started."""
    begun, prepare = threading.Event(), Course.prepare

    def prepared(course: Course, assignment: str) -> Prepared:
        assert begun.wait(60)
        return prepare(course, assignment)

    with monkeypatch.context() as patch:
        patch.setattr(Zygote, "begin", lambda zygote: begun.set())
        patch.setattr(Course, "prepare", prepared)
        assert run(two)[1] == ["ada", "bob"]
    begun.clear()
    monkeypatch.setattr(Zygote, "begin", lambda zygote: begun.set())
    assert run(two)[1] == []
    assert not begun.is_set()


@pytest.mark.usefixtures("warm")
def test_other_checks_versions_and_seeds_grade_all(two: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A grade is one of the assignment's files, of these versions, and of the seed that is asked for, if one is."""
    run(two)
    assert run(two, seed=None)[1] == []
    assert run(two, seed=2)[1] == ["ada", "bob"]
    two.edit("assignment.toml", "minutes = 10", "minutes = 11", "chain")
    assert run(two, seed=2)[1] == ["ada", "bob"]
    monkeypatch.setattr(versions, "lines", lambda: ["seq2grade 9.9"])
    assert run(two, seed=2)[1] == ["ada", "bob"]
    assert run(two, seed=2)[1] == []


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("lost", ["all of it", "what an interrupted run blanked"])
def test_a_gradebook_is_filled_from_what_was_kept(two: Demo, lost: str) -> None:
    """A gradebook that is new, or that a killed run left without scores, has them after a run that runs nothing."""
    run(two)
    before = rows(two)
    if lost == "all of it":
        (two.root / "gradebook.db").unlink()
    else:
        with CourseGradebook(database_url(two.root)) as book:
            book.begin("ada", "chain")
        assert rows(two) != before
    assert run(two)[1] == []
    assert rows(two) == before


@pytest.mark.usefixtures("warm")
def test_the_state_of_each_is_told_without_a_run(two: Demo, seq2grade: Command) -> None:
    """`status` counts what is graded, and says of the others why they would be run."""
    assert [(s.submission.student, s.state) for s in planned.stands(plan_of(two))] == [
        ("ada", State.NEW), ("bob", State.NEW),
    ]  # fmt: skip
    run(two)
    hand_in_better(two)
    two.hand_in("cleo", "no notebook", "chain")
    said = seq2grade("status", two.root / "submitted", "--course", two.root)
    assert said.code == 1
    assert "1 graded, 1 handed in anew, 1 cannot be read" in said.out
    assert ["ada", "chain", "handed", "in", "anew", "4", "of", "6", "so", "far"] in map(
        str.split, said.out.splitlines()
    )
    assert "bob" not in said.out


@pytest.mark.usefixtures("warm")
def test_one_that_cannot_be_looked_at_stops_nobody(two: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should reading a submission fail in a way that nobody foresaw, it is run, and the others are taken over."""
    run(two)
    collect = resume.collect

    def fails(submission: Submission, release: Any) -> Any:
        if submission.student == "ada":
            raise RecursionError("deep")
        return collect(submission, release)

    monkeypatch.setattr(resume, "collect", fails)
    done, ran = run(two)
    assert ran == ["ada"]
    assert [grade.score for grade in done.grades] == [4.0, 6.0]


def plan_of(demo: Demo) -> Plan:
    return Plan(demo.root, (demo.root / "submitted",))


def kept_by(demo: Demo) -> Sequence[Path]:
    return sorted((demo.root / ".seq2grade").glob("chain/*.json"))


def whole(demo: Demo) -> set[str]:
    """Whose result was kept and whose notebook too: who is killed between the two is run again."""
    notebooks = demo.root / "autograded"
    return {path.stem for path in kept_by(demo) if (notebooks / path.stem / "chain" / "chain.ipynb").is_file()}


@pytest.mark.usefixtures("warm")
def test_a_killed_run_goes_on_where_it_was(demo: Demo, sandbox: str, temporary: Path) -> None:
    """Killed in its middle, the same command grades the rest; everybody has one grade, that of an undisturbed run."""
    names = ["ada", "bob", "cleo"]
    for name in names:
        demo.hand_in(name, demo.solved("chain", **({"square": WRONG} if name == "bob" else {})), "chain")
    killed = start(demo, sandbox, temporary)
    until(lambda: bool(whole(demo)) or killed.poll() is not None)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    before = whole(demo)
    done, ran = run(demo, seed=3)
    assert ran == sorted(set(names) - before)
    assert [row.score for row in rows(demo)] == [grade.score for grade in done.grades] == [6.0, 4.0, 6.0]
    assert told(done) == told(run(demo, seed=3, again=True)[0])
