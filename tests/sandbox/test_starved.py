"""On a machine that is busy with other things, a cell and a check have the time that they would have on an idle one."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from autograder.judge.ports import SocketPort
from autograder.judge.student import Student
from autograder.sandbox.client import Zygote
from autograder.starved import Starved, look
from tests.support import BOUNDS, ran, statuses

RIVALS = 5
BUSY = """
import time

def busy(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return seconds
"""


@contextlib.contextmanager
def crowded(*pids: int) -> Iterator[None]:
    """These processes share one processor with others that compute all the time."""
    one = {min(os.sched_getaffinity(0))}
    for pid in pids:
        os.sched_setaffinity(pid, one)
    with contextlib.ExitStack() as stack:
        for _ in range(RIVALS):
            rival = stack.enter_context(subprocess.Popen([sys.executable, "-c", "while True: pass"]))
            stack.callback(rival.kill)
            os.sched_setaffinity(rival.pid, one)
        yield


@pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="this kernel does not say how long it waited")
def test_others_cost_no_time(warm_backend: Zygote) -> None:
    """Of a limit of a second, a function that needs four tenths of one uses only those."""
    with ran(warm_backend, BUSY, limits=replace(BOUNDS, check_seconds=1.0)) as session:
        above = session.supervisor
        with crowded(*look(above).ran), session.channel(1.0) as channel:
            port = SocketPort(channel, 1.0, starved=Starved(above))
            assert Student(port).busy(0.4) == 0.4
        assert port.spent < 1.3


@pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="this kernel does not say how long it waited")
def test_others_cost_no_time_while_cells_run(warm_backend: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for a cell."""
    from autograder.sandbox.execute import KernelRun

    start, stack = KernelRun.start, contextlib.ExitStack()

    def crowd(self: KernelRun) -> None:
        start(self)
        stack.enter_context(crowded(*look(self.running.supervisor).ran))

    monkeypatch.setattr(KernelRun, "start", crowd)
    cell_limit = replace(BOUNDS, cell_seconds=0.6, total_seconds=4.0)
    with stack, ran(warm_backend, BUSY, "busy(0.3)", "while True: pass", limits=cell_limit) as session:
        assert statuses(session) == ["ok", "ok", "timeout"]
