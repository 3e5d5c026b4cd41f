"""Only so many submissions compute at a time, however many sandboxes are built beside them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from autograder import turns
from autograder.fleet.local import grade_many
from autograder.model import CheckResult, Execution, Submission
from autograder.pipeline import Onlooker
from autograder.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.courses import Grader

pytest_plugins = ["tests.courses"]

LONG = 60.0  # seconds, for what comes at once unless it never comes


def test_who_has_no_turn_waits_for_the_end_of_another() -> None:
    """A turn that is taken is given to the next one when it ends, and what was waited for it is told."""
    free, began, waited = Turns(1), threading.Event(), []

    def other() -> None:
        with free.one():
            turns.begin()
            waited.append(turns.waited())
            began.set()

    with free.one():
        turns.begin()
        turns.begin()  # a notebook that is run again: it has its turn
        thread = threading.Thread(target=other)
        thread.start()
        assert not began.wait(0.3)
        turns.end()
        assert began.wait(LONG)
        thread.join()
        assert turns.waited() < 0.3 <= waited[0]


def test_whatever_happens_a_turn_is_given_back_once() -> None:
    """One that breaks leaves its turn to others, and one that never began leaves none."""
    free = Turns(1)

    def breaks() -> None:
        turns.begin()
        raise KeyError("broken")

    for _ in range(2):
        with pytest.raises(KeyError), free.one():
            breaks()
        with free.one():
            turns.end()
    with free.one():
        turns.begin()
        turns.end()
        turns.end()
        turns.begin()


def test_where_nobody_counts_nobody_waits() -> None:
    """Whoever grades one submission by itself needs no turn."""
    turns.begin()
    turns.begin()
    turns.end()
    assert turns.waited() == 0.0


class Watch(Onlooker):
    """Counts who has run and is not yet judged; each stays until `enough()` or the time is up."""

    def __init__(self, enough: Callable[[], bool]) -> None:
        self.enough, self.changed = enough, threading.Condition()
        self.here = self.most = self.late = 0

    def ran(self, execution: Execution) -> str:
        """See Onlooker."""
        with self.changed:
            self.here += 1
            self.most = max(self.most, self.here)
            self.late += not self.changed.wait_for(self.enough, LONG)
        return ""

    def judged(self, results: tuple[CheckResult, ...], again: Callable[[int], tuple[CheckResult, ...]]) -> None:
        """See Onlooker."""
        with self.changed:
            self.here -= 1


@pytest.mark.parametrize(("jobs", "begun"), [(1, 1), (2, 3)])
def test_the_next_sandbox_is_built_while_others_compute(grader: Grader, jobs: int, begun: int) -> None:
    """With two jobs a third submission begins beside them, and computes when one of them has; with one job the next
    begins when the one before is done."""
    heard: list[str] = []
    watch = Watch(lambda: len(heard) >= begun)

    def started(submission: Submission) -> None:
        with watch.changed:
            heard.append(submission.student)
            watch.changed.notify_all()

    work = grader.demo.solved("chain")
    submissions = [grader.demo.hand_in(f"s{number}", work, "chain") for number in range(4)]
    ahead = []
    for done, grade in enumerate(grade_many(grader.course, submissions, jobs, 1, started, None, lambda _: watch), 1):
        assert grade.score == 6.0
        ahead.append(len(heard) - done)
    assert (watch.most, watch.late) == (jobs, 0)
    assert jobs > 1 or max(ahead) <= 1
