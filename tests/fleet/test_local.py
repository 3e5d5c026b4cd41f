"""A batch: one result per submission, in any order, whatever the submissions are like."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.errors import GradebookError
from autograder.fleet.local import default_jobs, grade_many
from autograder.fleet.stop import Stop
from autograder.model import Grade, Submission
from autograder.sandbox.client import Zygote

if TYPE_CHECKING:
    from tests.courses import Demo, Grader

pytest_plugins = ["tests.courses"]

SLOW_EXIT = "import os, time\ntime.sleep(0.3)\nos._exit(3)"


def a_class(demo: Demo) -> list[Submission]:
    """Good, wrong and broken work, the broken in between."""
    solution = demo.solved("chain")
    return [
        demo.hand_in("ada", solution, "chain"),
        demo.hand_in("bob", "{", "chain"),
        Submission("cleo", "chain", demo.root / "submitted" / "cleo" / "chain" / "chain.ipynb"),
        Submission("dan", "no_such_assignment", demo.root / "x.ipynb"),
        demo.hand_in("eve", demo.solved("chain", square=SLOW_EXIT), "chain"),
        demo.hand_in("finn", demo.solved("chain", square="def square(x):\n    return 2 * x"), "chain"),
        demo.hand_in("gil", solution, "chain"),
    ]


def essence(grade: Grade) -> Grade:
    """A grade without its clocks and outputs."""
    items = tuple(replace(i, checks=tuple(replace(c, seconds=0.0) for c in i.checks)) for i in grade.items)
    return replace(grade, items=items, seconds=0.0, cpu_seconds=0.0, cells=(), notebook={})


def test_every_submission_has_one_result(grader: Grader) -> None:
    """Unreadable, missing, unknown and dying submissions get their grades beside the good ones."""
    submissions = a_class(grader.demo)
    grades = {grade.student: grade for grade in grade_many(grader.course, submissions, jobs=2, seed=1)}
    assert sorted(grades) == [s.student for s in submissions]
    assert {name: grade.score for name, grade in grades.items()} == {
        "ada": 6.0,
        "bob": 0.0,
        "cleo": 0.0,
        "dan": 0.0,
        "eve": 3.0,
        "finn": 4.0,
        "gil": 6.0,
    }
    assert {name for name, grade in grades.items() if grade.flagged} == {"bob", "cleo", "dan"}
    assert not any(grade.pending for grade in grades.values())


def test_order_and_number_of_workers_do_not_matter(grader: Grader) -> None:
    """The same seed gives each student the same grade, one at a time or side by side, forwards or backwards."""
    submissions = a_class(grader.demo)
    runs = [
        {g.student: essence(g) for g in grade_many(grader.course, order, jobs=jobs, seed=4)}
        for order, jobs in ((submissions, 3), (submissions[::-1], 1))
    ]
    assert runs[0] == runs[1]


def test_grades_come_as_they_are_finished(grader: Grader) -> None:
    """A slow submission does not hold back the results of the quick ones."""
    slow = grader.demo.hand_in("slow", grader.demo.solved("chain", square="import time\ntime.sleep(2)"), "chain")
    quick = [Submission(f"quick{n}", "chain", Path("nowhere.ipynb")) for n in range(3)]
    names = [grade.student for grade in grade_many(grader.course, [slow, *quick], jobs=2, seed=1)]
    assert names[-1] == "slow"


def test_started_is_told_once_for_each(grader: Grader) -> None:
    """The callback hears of every submission before its grading, from the worker that grades it."""
    heard: list[tuple[str, bool]] = []
    submissions = [Submission(f"s{n}", "chain", Path("nowhere.ipynb")) for n in range(5)]

    def started(submission: Submission) -> None:
        heard.append((submission.student, threading.current_thread() is threading.main_thread()))

    grades = list(grade_many(grader.course, submissions, jobs=2, seed=1, started=started))
    assert len(grades) == 5
    assert sorted(heard) == [(f"s{n}", False) for n in range(5)]


def test_nothing_to_grade_is_nothing(grader: Grader) -> None:
    """An empty batch ends at once."""
    assert list(grade_many(grader.course, [])) == []


@pytest.mark.parametrize("error", [GradebookError("the disk is full"), SystemExit(3), KeyError("x"), MemoryError()])
def test_what_fails_for_one_submission_costs_no_other(grader: Grader, error: BaseException) -> None:
    """Whatever escapes beside one submission becomes its row: nothing decided, nothing lost, flagged."""
    submissions = [grader.demo.hand_in(name, grader.demo.solved("chain"), "chain") for name in ("ada", "bob")]

    def started(submission: Submission) -> None:
        if submission.student == "ada":
            raise error

    found = {g.student: g for g in grade_many(grader.course, submissions, jobs=1, seed=1, started=started)}
    assert (found["bob"].score, found["bob"].pending) == (6.0, 0.0)
    assert (found["ada"].score, found["ada"].pending, found["ada"].flagged) == (0.0, 6.0, True)
    assert type(error).__name__ in found["ada"].sandbox
    assert type(error).__name__ not in found["ada"].error


def test_a_machine_without_room_for_threads_grades_one_by_one(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no worker can be started, each submission still has its result."""

    def refused(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    submissions = [Submission(f"s{n}", "chain", Path("nowhere.ipynb")) for n in range(3)]
    assert len(list(grade_many(grader.course, submissions, jobs=2, seed=1))) == 3


def test_after_a_stop_nothing_begins_and_nothing_half_done_counts(
    grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was finished is given, what ran is ended and has no grade, what waited never begins."""
    stop, heard, ended = Stop(), [], threading.Event()
    monkeypatch.setattr(Zygote, "abandon", lambda zygote: ended.set())  # the warm process is shared by all tests

    def started(submission: Submission) -> None:
        heard.append(submission.student)
        if submission.student == "s1":
            stop.request()
            assert ended.wait(20)

    submissions = [Submission(f"s{n}", "chain", Path("nowhere.ipynb")) for n in range(9)]
    grades = list(grade_many(grader.course, submissions, jobs=1, seed=1, started=started, stop=stop))
    assert [grade.student for grade in grades] == ["s0"]
    assert heard == ["s0", "s1"]
    assert list(grade_many(grader.course, submissions, stop=stop)) == []


def test_leaving_early_starts_no_further_submissions(grader: Grader) -> None:
    """Whoever stops listening (Ctrl-C) waits for what runs, not for what is queued."""
    heard: list[str] = []
    submissions = [Submission(f"s{n}", "chain", Path("nowhere.ipynb")) for n in range(50)]

    def started(submission: Submission) -> None:
        heard.append(submission.student)
        if len(heard) > 1:
            time.sleep(0.5)

    grades = grade_many(grader.course, submissions, jobs=1, seed=1, started=started)
    next(grades)
    grades.close()  # type: ignore[attr-defined]
    assert len(heard) < 5


def test_one_worker_per_processor() -> None:
    """The default number of workers is at least one."""
    assert default_jobs() >= 1
