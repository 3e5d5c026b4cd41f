"""Grading without forks, as with CUDA: what hangs or dies costs its own points, and no failure that is not the
student's costs any. The same work gets the same grade as with forks."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from autograder import pipeline
from autograder.course import Course
from autograder.export.results import dumps
from autograder.fleet.local import grade_many
from autograder.model import Grade, Status
from autograder.sandbox.client import Zygote
from autograder.sandbox.session import Session
from tests.courses import LIMITS, Demo, Grader, of_all_workers
from tests.gpus import Machine, warm_for_cuda
from tests.support import kill

pytest_plugins = ["tests.courses"]

SHORT = replace(LIMITS, check_seconds=1.0)
BODIES = {
    "loops": "while True: time.sleep(0.05)",
    "dies": "os._exit(0)",
}  # fmt: skip


@pytest.fixture(scope="module")
def warm_cuda(sandbox: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Zygote, Machine]]:
    """One warm process for this file, with one GPU."""
    folder = tmp_path_factory.mktemp("gpus")
    with warm_for_cuda(sandbox, folder, secret=(str(of_all_workers(tmp_path_factory)),)) as warm:
        yield warm


@pytest.fixture
def gpu(warm_cuda: tuple[Zygote, Machine]) -> Machine:
    """The machine as nvidia-smi shows it."""
    return warm_cuda[1]


@pytest.fixture
def here(demo: Demo, warm_cuda: tuple[Zygote, Machine]) -> Grader:
    """The course, graded without forks."""
    return Grader(demo, Course(demo.root, warm_cuda[0], SHORT))


def square(body: str) -> str:
    """An answer that is right while the notebook runs, and does this once it is judged."""
    running = "type(sys.stdout).__name__ == 'CutStream'"
    return f"import os, sys, time\ndef square(x):\n    if {running}: return x * x\n    {body}"


def scores(grade: Grade) -> dict[str, float]:
    return {item.id: item.score for item in grade.items}


def told(grade: Grade) -> str:
    checks = [f"{c.name}: {c.status.value} {c.message} {c.detail}" for item in grade.items for c in item.checks]
    return "\n".join([grade.error, grade.sandbox, *checks])


def test_right_work_gets_full_marks(here: Grader) -> None:
    """With nothing pending, and the device in the result."""
    grade = here.grade(here.demo.solved("chain"), "chain")
    assert (grade.score, grade.pending, grade.flagged, grade.device) == (6.0, 0.0, False, "cuda"), told(grade)
    assert "checks in one process" in grade.settings


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_hangs_or_dies_costs_its_own_points(here: Grader, body: str) -> None:
    """The item after it, which has its own function, gets all of its points; nothing is left open."""
    notebook = here.demo.solved("chain", square=square(body), length="def length(x):\n    return (x * x).sum().sqrt()")
    grade = here.grade(notebook, "chain")
    assert scores(grade) == {"square": 0.0, "length": 3.0}, told(grade)
    assert (grade.pending, grade.flagged) == (0.0, False), told(grade)


def test_an_error_is_carried_forward_where_the_first_item_hangs(here: Grader) -> None:
    """The second item is right but for the first: with the reference in its place it gets its points."""
    grade = here.grade(here.demo.solved("chain", square=square(BODIES["loops"])), "chain")
    assert scores(grade) == {"square": 0.0, "length": 3.0}, told(grade)


def test_what_cannot_be_tried_any_more_stays_open(here: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the notebook is not run again, what was not tried is undecided and the grade flagged; what ended the process
    has failed. Undecided is never a pass."""
    monkeypatch.setattr(pipeline, "_RERUNS", 0)
    monkeypatch.setattr(pipeline, "_MOST_RERUNS", 0)
    notebook = here.demo.solved("chain", square=square(BODIES["dies"]))
    grade = here.grade(notebook, "chain")
    assert grade.flagged
    assert 0 < grade.pending < 6, told(grade)
    assert grade.score == 0
    by_status = {status: [c for item in grade.items for c in item.checks if c.status is status] for status in Status}
    assert [c.name for c in by_status[Status.FAILED]] == ["entries_are_squared"], told(grade)
    assert "could not be tried" in by_status[Status.COULD_NOT_CHECK][0].message
    assert not by_status[Status.PASSED]


def test_a_process_killed_from_outside_while_it_is_judged_costs_nothing(
    here: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notebook is run anew, on a GPU that is free again, and right work gets full marks."""
    left = ["kernel"]
    channel = Session.channel

    def struck(session: Session, seconds: float, inline: bool = False) -> Any:
        if left and session.alive:
            threading.Timer(0.5, lambda: kill(here.course.zygote, left.pop())).start()
        return channel(session, seconds, inline)

    monkeypatch.setattr(Session, "channel", struck)
    slow = "import time\ndef square(x):\n    time.sleep(1.5 if len(x) > 2 else 0)\n    return x * x"
    course = Course(here.demo.root, here.course.zygote, replace(SHORT, check_seconds=10.0))
    grade = Grader(here.demo, course).grade(here.demo.solved("chain", square=slow), "chain")
    assert not left
    assert (grade.score, grade.pending, grade.error) == (6.0, 0.0, ""), told(grade)


FULL_GPU = "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 139.81 GiB"


@pytest.mark.parametrize("holders", [(), ((1, 30_000),)], ids=["nobody else", "a neighbour"])
@pytest.mark.parametrize("where", ["a cell", "a check"])
def test_a_neighbours_memory_is_no_fault_of_the_student(
    here: Grader, gpu: Machine, where: str, holders: tuple[tuple[int, int], ...]
) -> None:
    """What finds no room on its GPU has failed when nobody else is there; when others hold memory there, the work is
    run again, and at last left open, with the reason for the instructor."""
    full = f"raise torch.OutOfMemoryError({FULL_GPU!r})"
    code = f"{full}\ndef square(x): return x * x" if where == "a cell" else square(full)
    gpu.hold(*holders)
    try:
        grade = here.grade(here.demo.solved("chain", square=code), "chain")
    finally:
        gpu.hold()
    if holders:
        assert (grade.score, grade.pending, grade.flagged) == (0.0, 6.0, True), told(grade)
        assert "30000 MB" in grade.sandbox
    else:
        assert (scores(grade)["square"], grade.pending) == (0.0, 0.0), told(grade)


def test_no_more_are_at_work_than_there_are_gpus(here: Grader) -> None:
    """Three submissions and three workers for one GPU: one after the other, and each is graded."""
    running: list[int] = []
    most: list[int] = []
    launch = here.course.zygote._launch

    def launched(*args: Any) -> Any:
        found = launch(*args)
        running.append(1)
        most.append(len(running))
        stop = found.stop

        def stopped() -> Any:
            if running:
                running.pop()
            found.stop = stop
            return stop()

        found.stop = stopped
        return found

    submissions = [here.demo.hand_in(f"s{n}", here.demo.solved("chain"), "chain") for n in range(3)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(here.course.zygote, "_launch", launched)
        grades = list(grade_many(here.course, submissions, jobs=3, seed=1))
    assert [grade.score for grade in grades] == [6.0] * 3
    assert most == [1, 1, 1]


def test_on_the_cpu_there_is_more_time(grader: Grader) -> None:
    """An assignment for a GPU that is graded on the CPU has `cpu_times` the time, and the result says so."""
    demo = grader.demo
    demo.edit("assignment.toml", "minutes = 10\n", 'minutes = 10\ndevice = "cuda"\n', "chain")
    demo.edit("assignment.toml", "check_seconds = 3\n", "check_seconds = 3\ncpu_times = 3\n", "chain")
    course = Course(demo.root, grader.course.zygote)
    limits = course.prepare("chain").assignment.limits
    assert (limits.cell_seconds, limits.total_seconds, limits.check_seconds) == (15.0, 90.0, 9.0)
    grade = Grader(demo, course).grade(demo.solved("chain"), "chain")
    assert (grade.score, grade.device, grade.time_factor) == (6.0, "cpu", 3.0), told(grade)
    told_by = json.loads(dumps([grade]))["submissions"][0]
    assert (told_by["device"], told_by["time_factor"]) == ("cpu", 3)
