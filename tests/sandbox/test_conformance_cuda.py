"""The conformance suite on the path that CUDA takes: no forks, so one process answers all checks. Every test of the
suite for which that path matters, as it stands; and what this path promises in place of a fork for each check.

What runs here has no GPU: everything but the GPU itself is as it would be with one."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import ChannelClosed, ChannelTimeout
from autograder.sandbox.client import Zygote
from autograder.sandbox.session import Session
from tests.gpus import warm_for_cuda
from tests.sandbox import backends_here
from tests.sandbox.test_conformance import (
    test_an_error_costs_its_own_cell_only,
    test_files_of_the_submission_lie_beside_the_notebook,
    test_nothing_is_left_behind,
    test_random_numbers_differ_between_sandboxes,
)
from tests.sandbox.test_conformance_forks import (
    test_a_check_begins_with_the_same_random_numbers,
    test_a_loop_in_the_process_itself_is_stopped,
    test_no_fork_finds_a_file_that_another_left,
    test_no_process_of_a_fork_outlives_it,
    test_nothing_is_printed_while_the_process_itself_answers,
    test_threads_of_libraries_do_not_hang_a_fork,
)
from tests.sandbox.test_conformance_given import test_what_is_given_can_be_read_and_not_changed
from tests.sandbox.test_conformance_limits import test_processes_are_counted
from tests.support import BOUNDS, DOUBLE, SOON, ran, statuses, student, text, works

__all__ = [
    "test_a_check_begins_with_the_same_random_numbers",
    "test_a_loop_in_the_process_itself_is_stopped",
    "test_an_error_costs_its_own_cell_only",
    "test_files_of_the_submission_lie_beside_the_notebook",
    "test_no_fork_finds_a_file_that_another_left",
    "test_no_process_of_a_fork_outlives_it",
    "test_nothing_is_left_behind",
    "test_nothing_is_printed_while_the_process_itself_answers",
    "test_processes_are_counted",
    "test_random_numbers_differ_between_sandboxes",
    "test_threads_of_libraries_do_not_hang_a_fork",
    "test_what_is_given_can_be_read_and_not_changed",
]


@pytest.fixture(scope="module")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    """The strongest backend that is tried here, for CUDA, with two GPUs (a test may run two notebooks at once)."""
    folder = tmp_path_factory.mktemp("gpus")
    secret = (str(tmp_path_factory.mktemp("course")),)
    with warm_for_cuda(backends_here()[0], folder, count=2, secret=secret) as (warm, _):
        yield warm


def test_variables_are_as_they_were(zygote: Zygote) -> None:
    """What a check binds anew or defines is undone when its channel closes. What it changes inside an object stays:
    that is the price of one process, and right work does not depend on it."""
    cell = """
n, seen = 0, []
def note(x):
    global n, extra
    n += x
    extra = n
    seen.append(x)
    return n
def look():
    return n, "extra" in globals(), len(seen)
"""
    with ran(zygote, cell) as session:
        for turn in range(2):
            with student(session) as one:
                assert one.note(5) == 5
                assert one.look() == (5, True, turn + 1)
            with student(session) as one:
                assert one.look() == (0, False, turn + 1)


def megabytes(session: Session) -> float:
    """Resident memory of the notebook's process, as it sees itself."""
    with student(session) as one:
        return float(one.size())


def test_memory_is_back_at_its_baseline(zygote: Zygote) -> None:
    """Arrays that a check left in variables, in answers and in cycles are gone when its channel closes."""
    cell = """
import numpy as np
def size():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 / 2**20
def grow():
    global kept
    kept = np.ones(2**24)
    cycle = [np.ones(2**24)]
    cycle.append(cycle)
    return size()
"""
    with ran(zygote, cell) as session:
        before = megabytes(session)
        for _ in range(3):
            with student(session) as one:
                assert one.grow() > before + 200
            assert megabytes(session) < before + 60


STUBBORN = """while True:
        try:
            while True: time.sleep(0.1)
        except BaseException: pass"""


@pytest.mark.parametrize(
    ("body", "error", "seconds"),
    [
        (STUBBORN, ChannelTimeout, 0.5),
        ("import os; os._exit(0)", ChannelClosed, BOUNDS.check_seconds),
        ("import ctypes; ctypes.string_at(0)", ChannelClosed, BOUNDS.check_seconds),
    ],
    ids=["hang that nothing stops", "exit", "segfault"],
)
def test_what_cannot_be_stopped_ends_the_process(zygote: Zygote, body: str, error: type, seconds: float) -> None:
    """And is over soon: whoever judges hears of it, and may run the notebook again."""
    with ran(zygote, DOUBLE, f"import time\ndef bad():\n    {body}") as session:
        begin = time.monotonic()
        with student(session, seconds) as one, pytest.raises(error):
            one.bad()
        assert time.monotonic() - begin < SOON + seconds + 10
        deadline = time.monotonic() + 20
        while session.alive and time.monotonic() < deadline:
            time.sleep(0.05)
        with pytest.raises(ChannelClosed), student(session) as one:
            one.double(1)


def test_a_loop_is_stopped_and_costs_one_check(zygote: Zygote) -> None:
    """Each check has its own time limit, and the process lives on with its variables."""
    loop = "n = 0\ndef loop():\n    global n\n    while True:\n        n += 1\ndef count():\n    return n"
    with ran(zygote, DOUBLE, loop) as session:
        for _ in range(2):
            with student(session, 0.5) as one, pytest.raises(ChannelTimeout):
                one.loop()
            assert works(session)
        with student(session) as one:
            assert one.count() == 0


def test_a_grader_that_says_nothing_does_not_hold_the_process(zygote: Zygote) -> None:
    """The kernel's timer ends it, as it ends a fork, though later: a channel that stays open costs no GPU for ever."""
    wait = "import time\ndef wait():\n    while True: time.sleep(0.1)"
    with ran(zygote, wait) as session:
        with session.channel(0.5) as channel:
            channel.sendall(b"")
            deadline = time.monotonic() + 30
            while session.alive and time.monotonic() < deadline:
                time.sleep(0.05)
        assert not session.alive


def test_all_memory_together_is_limited(zygote: Zygote) -> None:
    """With room for what CUDA takes itself: filling more ends its cell, in one process or in several."""
    fill = "import time\nblocks = [bytearray(b'x') * 2**28 for _ in range(16)]\ntime.sleep(5)"
    with ran(zygote, DOUBLE, fill, "print('on')", limits=replace(BOUNDS, memory_mb=64)) as session:
        assert statuses(session) == ["ok", "died", "ok"], session.execution.cells
        assert "memory" in session.execution.ended
        assert works(session)


def test_each_has_a_gpu_of_its_own(zygote: Zygote) -> None:
    """It is the only one that CUDA would find, and it is free again afterwards."""
    assert zygote.slices is not None
    names = {one.name for one in zygote.slices.slices}
    show = "import os\nprint(os.environ['CUDA_VISIBLE_DEVICES'])"
    for _ in range(2):
        with ran(zygote, show) as one, ran(zygote, show) as two:
            assert {text(one).strip(), text(two).strip()} == names


def test_torch_is_held_to_its_part_of_the_memory(zygote: Zygote) -> None:
    """As soon as CUDA starts, before any student code that asks for it goes on."""
    queue = "import torch\nprint([call.__qualname__ for call, _ in torch.cuda._queued_calls])"
    with ran(zygote, queue) as session:
        assert re.search(r"bound_memory\.<locals>\.bound", text(session))


def test_nothing_of_the_drivers_is_shown_that_is_not_there(zygote: Zygote) -> None:
    """No device file but those that belong to this machine's own, and none of a GPU that it does not have."""
    with ran(zygote, "import os\nprint(*sorted(n for n in os.listdir('/dev') if 'nvidia' in n))") as session:
        shown = set(text(session).split())
    assert shown <= {entry.name for entry in os.scandir("/dev")} | {Path("/dev/nvidia-caps").name}


def test_only_what_cuda_may_want_is_open(zygote: Zygote) -> None:
    """Memory of no process that outlives all of them is refused as without a GPU; a file in memory is not."""
    ask = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
print(libc.shmget(0, 4096, 0o1600), libc.semget(0, 1, 0o1600), libc.msgget(0, 0o1600))
os.close(os.memfd_create("x"))
"""
    with ran(zygote, ask) as session:
        assert (statuses(session), text(session)) == (["ok"], "-1 -1 -1\n")
