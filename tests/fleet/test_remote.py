"""A batch on a Dask cluster: the same grades as here, whatever happens to its workers.

Most tests have scheduler and workers in this process, where they share the warm one; the last has worker processes.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder.course import Course
from autograder.errors import FleetError
from autograder.fleet import choose, local, remote, worker
from autograder.fleet.remote import DaskFleet
from autograder.fleet.stop import Stop
from autograder.model import Grade, Submission
from tests.courses import LIMITS, share
from tests.fleet.test_local import a_class, essence
from tests.support import processes_with, unique

if TYPE_CHECKING:
    from autograder.sandbox.client import Zygote
    from tests.courses import Grader

pytest_plugins = ["tests.courses"]
LONG = 300.0  # seconds for what takes a few, on a machine that does much else


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A scheduler and two workers in this process."""
    choose.quiet()
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0") as made:
        yield made


@pytest.fixture
def fleet(cluster: Any, monkeypatch: pytest.MonkeyPatch, warm_zygote: Zygote) -> Iterator[DaskFleet]:
    """A connection to it; its workers are as just started."""
    from distributed import Client

    monkeypatch.setattr(worker, "_hall", worker._Hall())
    monkeypatch.setattr(remote, "LOOK", 0.1)
    share(monkeypatch, warm_zygote)
    with Client(cluster, set_as_default=False) as client:
        yield DaskFleet(client, LONG)


def by_student(grades: Iterator[Grade]) -> dict[str, Grade]:
    """Each student's, without clocks; a second one is an error."""
    found: dict[str, Grade] = {}
    for grade in grades:
        assert grade.student not in found
        found[grade.student] = essence(grade)
    return found


def test_the_grades_are_those_of_here(grader: Grader, fleet: DaskFleet) -> None:
    """Good, wrong, unreadable, missing, unknown and dying work: each grade equals the local one."""
    submissions = a_class(grader.demo)
    here = by_student(local.grade_many(grader.course, submissions, jobs=2, seed=5))
    heard: list[str] = []
    there = by_student(
        fleet.grade_many(grader.course, submissions, seed=5, started=lambda one: heard.append(one.student))
    )
    assert there == here
    assert sorted(heard) == sorted(here)
    assert fleet.told == []
    assert list(fleet.grade_many(grader.course, [])) == []


def test_another_version_ends_in_a_sentence(grader: Grader, fleet: DaskFleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every worker has other code, the run ends and says what to do, instead of waiting for better ones."""
    monkeypatch.setattr(worker, "code_digest", lambda: "other")
    monkeypatch.setattr(remote, "_GRACE", 0.5)
    work = [grader.demo.hand_in("ada", grader.demo.solved("chain"), "chain")]
    with pytest.raises(FleetError, match=r"2 are there.*install the very same one there"):
        list(fleet.grade_many(grader.course, work, seed=1))


def test_without_workers_a_run_ends(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cluster is waited for, and not for ever."""
    choose.quiet()
    from distributed import Client, LocalCluster

    monkeypatch.setattr(remote, "LOOK", 0.1)
    work = [grader.demo.hand_in("ada", grader.demo.solved("chain"), "chain")]
    with (
        LocalCluster(n_workers=0, processes=False, dashboard_address="127.0.0.1:0") as empty,
        Client(empty, set_as_default=False) as client,
        pytest.raises(FleetError, match=r"none is there.*start some"),
    ):
        list(DaskFleet(client, 0.5).grade_many(grader.course, work, seed=1))


def test_after_a_stop_no_grade_is_given(grader: Grader, fleet: DaskFleet) -> None:
    """What was finished is given, what waited never begins."""
    stop, heard = Stop(), []

    def started(submission: Submission) -> None:
        heard.append(submission.student)
        if len(heard) > 3:
            stop.request()

    work = [Submission(f"s{n}", "chain", Path("nowhere.ipynb")) for n in range(9)]
    grades = list(fleet.grade_many(grader.course, work, seed=1, started=started, stop=stop))
    assert [grade.student for grade in grades] == heard[: len(grades)]
    assert len(heard) == 4


def test_an_assignment_that_changes_meanwhile(grader: Grader, fleet: DaskFleet) -> None:
    """Every grade is by the edition that stands in the end, though the first were sent out before."""
    work = [grader.demo.hand_in(f"s{n}", grader.demo.solved("chain"), "chain") for n in range(4)]
    course = Course(grader.demo.root, grader.course.zygote, LIMITS)
    heard: list[str] = []

    def started(submission: Submission) -> None:
        heard.append(submission.student)
        if len(heard) == 2:
            grader.demo.edit("checks.py", "one product per entry", "one product for each entry", "chain")

    grades = list(fleet.grade_many(course, work, seed=1, started=started))
    assert sorted(grade.student for grade in grades) == [f"s{n}" for n in range(4)]
    assert {grade.edition for grade in grades} == {course.prepare("chain").digest}
    assert [grade.score for grade in grades] == [6.0] * 4


def test_what_fails_for_one_submission_costs_no_other(grader: Grader, fleet: DaskFleet) -> None:
    """As here: a row that is flagged, nothing decided, nothing lost."""
    work = [grader.demo.hand_in(name, grader.demo.solved("chain"), "chain") for name in ("ada", "bob")]

    def started(submission: Submission) -> None:
        if submission.student == "ada":
            raise KeyError("x")

    found = {one.student: one for one in fleet.grade_many(grader.course, work, seed=1, started=started)}
    assert (found["bob"].score, found["bob"].pending) == (6.0, 0.0)
    assert (found["ada"].score, found["ada"].pending, found["ada"].flagged) == (0.0, 6.0, True)


def ancestors(pid: int) -> Iterator[int]:
    """From the parent up."""
    with contextlib.suppress(OSError):
        while pid > 1:
            pid = int(Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[1])
            yield pid


def kill_worker_of(word: str, workers: set[int]) -> int:
    """Kill the worker whose submission shows itself by `word`, as a machine that runs out of memory would. Returns
    which of these `workers` that was, 0 for none."""
    for pid in processes_with(word):
        for guilty in set(ancestors(pid)) & workers:
            os.kill(guilty, signal.SIGKILL)
            return guilty
    return 0


def worker_processes() -> set[int]:
    """Those of this process's cluster: what its nannies have started."""
    found, below = set(), [os.getpid()]
    while below:
        for task in Path("/proc", str(below.pop()), "task").glob("*/children"):
            with contextlib.suppress(OSError):
                fresh = [int(pid) for pid in task.read_text().split()]
                found.update(fresh)
    return found


@pytest.mark.long
def test_workers_that_are_killed(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of worker processes over TLS some are killed: who was in one is graded again, who was in two is left undecided or
    graded, and loses nothing; the class has the grades that it has without all this.

    Which of the two comes depends on when the second kill hits; test_dispatch has the rule itself."""
    once, twice = unique(), unique()
    show = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import time; time.sleep(5)', '{}'])\n"
    grader.demo.edit("assignment.toml", "cell_seconds = 5", "cell_seconds = 60", "chain")
    grader.demo.edit("assignment.toml", "total_seconds = 30", "total_seconds = 300", "chain")
    right = "def square(x):\n    return x * x"
    work = [
        grader.demo.hand_in("ada", grader.demo.solved("chain", square=show.format(twice) + right), "chain"),
        grader.demo.hand_in("bob", grader.demo.solved("chain", square=show.format(once) + right), "chain"),
        grader.demo.hand_in("cleo", grader.demo.solved("chain"), "chain"),
        grader.demo.hand_in("dan", grader.demo.solved("chain", square="def square(x):\n    return 2 * x"), "chain"),
    ]
    course = Course(grader.demo.root, grader.course.zygote)
    killed: list[str] = []
    over = threading.Event()

    def reap() -> None:
        left, struck = [twice, once, twice], {0}
        while left and not over.wait(0.05):  # in whatever order they come: who waits for one misses the other
            for word in {*left}:
                guilty = kill_worker_of(word, worker_processes() - struck)  # who dies does so once
                if guilty not in struck:
                    struck.add(guilty)
                    left.remove(word)
                    killed.append(word)

    reaper = threading.Thread(target=reap, daemon=True)
    reaper.start()
    with choose.fleet_called("dask", course.root, 2) as fleet:
        found = {one.student: one for one in fleet.grade_many(course, work, seed=1)}
    over.set()
    reaper.join(LONG)
    assert sorted(killed) == sorted([twice, once, twice])
    ada = found.pop("ada")
    assert (ada.score, ada.pending) in ((0.0, 6.0), (6.0, 0.0))
    assert {name: (one.score, one.pending) for name, one in found.items()} == {
        "bob": (6.0, 0.0),
        "cleo": (6.0, 0.0),
        "dan": (4.0, 0.0),
    }
    assert (ada.flagged and "died twice" in ada.sandbox) == (ada.pending > 0)
