"""What every backend promises about memory, processes, disk and output."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest
from jupyter_client.manager import AsyncKernelManager

from autograder.sandbox.client import Zygote
from tests.support import BOUNDS, BRIEF, DOUBLE, SOON, ran, statuses, student, text, works


def test_one_process_cannot_take_more_memory_than_it_may(zygote: Zygote) -> None:
    """An array beyond the limit is refused, in a cell and in a check, and costs nothing else."""
    big = "import numpy as np\ndef big():\n    return float(np.ones(2**28).sum())"
    with ran(zygote, DOUBLE, big, "big()", "print('on')") as session:
        assert session.execution.cells[2].status in ("error", "died")
        assert text(session) == "on\n"
        with student(session) as one:
            assert one.raised("big") != ""
        assert works(session)


# For a cell that has forked `kids`, of whom number n writes the file full<n> once it has its memory: wait until each
# has, or is dead, then give whoever watches from outside the time to look.
SETTLE = """
def settled(kids):
    dead, end = set(), time.time() + 20
    while time.time() < end:
        dead |= {pid for pid in kids if pid not in dead and os.waitpid(pid, os.WNOHANG)[0]}
        if all(pid in dead or os.path.exists(f"full{number}") for number, pid in enumerate(kids)):
            break
        time.sleep(0.05)
    time.sleep(3)
    return dead | {pid for pid in kids if pid not in dead and os.waitpid(pid, os.WNOHANG)[0]}
"""


def test_memory_split_over_processes_is_counted_together(zygote: Zygote) -> None:
    """Ten processes that each stay below the limit cannot hold three times the limit between them."""
    hoard = """
import os, time
kids = []
for number in range(10):
    pid = os.fork()
    if pid == 0:
        block = bytearray(b"x") * (200 * 2**20)
        open(f"full{number}", "w").close()
        time.sleep(30)
        os._exit(0)
    kids.append(pid)
dead = settled(kids)
print(sum(pid not in dead and os.path.exists(f"full{number}") for number, pid in enumerate(kids)))
"""
    with ran(zygote, DOUBLE, SETTLE + hoard, limits=replace(BOUNDS, memory_mb=600)) as session:
        if session.execution.cells[1].status == "died":
            assert "memory" in session.execution.ended
        else:
            assert 200 * int(text(session)) <= 600 + BOUNDS.disk_mb + 400  # the warm process's own size is left out
        assert works(session)


def test_memory_shared_between_processes_is_counted(zygote: Zygote) -> None:
    """Pages that a process shares with its forks do not escape the limit."""
    hoard = """
import os, time
def fill(depth):
    block = bytearray(b"x") * (250 * 2**20)
    if os.fork() == 0:   # from here on every page of the block is shared with this child
        time.sleep(30)
        os._exit(0)
    open(f"full{depth}", "w").close()
    time.sleep(30)
kids = []
for depth in range(8):
    kids.append(os.fork())
    if kids[-1] == 0:
        fill(depth)
        os._exit(0)
settled(kids)
print(sum(os.path.exists(f"full{depth}") for depth in range(8)))
"""
    with ran(zygote, SETTLE + hoard, "print('on')", limits=replace(BOUNDS, memory_mb=600)) as session:
        if session.execution.cells[0].status == "died":
            assert "memory" in session.execution.ended
        else:
            assert 250 * int(text(session, 0)) <= 600 + BOUNDS.disk_mb + 400
        assert text(session) == "on\n"


def test_processes_are_counted(zygote: Zygote) -> None:
    """Forking is refused at the limit, and the notebook lives on."""
    crowd = """
import os, time
kids = []
try:
    while len(kids) < 3000:
        pid = os.fork()
        if pid == 0:
            time.sleep(30)
            os._exit(0)
        kids.append(pid)
except OSError:
    print(len(kids))
for pid in kids:
    os.kill(pid, 9)
    os.waitpid(pid, 0)
"""
    with ran(zygote, DOUBLE, crowd, limits=replace(BOUNDS, processes=40)) as session:
        assert statuses(session) == ["ok", "ok"]
        assert int(text(session)) < 1000
        assert works(session)


def test_forking_without_end_is_contained(zygote: Zygote) -> None:
    """A fork bomb costs its cell, and is gone afterwards."""
    bomb = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    with ran(zygote, DOUBLE, bomb, limits=BRIEF) as session:
        assert session.execution.cells[1].status in ("timeout", "died", "error")
        begin = time.monotonic()
    assert time.monotonic() - begin < SOON
    with ran(zygote, "print('on')") as session:
        assert text(session) == "on\n"


@pytest.mark.parametrize("place", [".", "tempfile.gettempdir()"], ids=["work folder", "temporary folder"])
def test_the_disk_cannot_be_filled(zygote: Zygote, place: str) -> None:
    """Neither one large file nor many small ones get past the limit."""
    place = repr(place) if place == "." else place
    large = f"""
import os, tempfile, time
with open(os.path.join({place}, "large"), "wb") as file:
    try:
        for _ in range(128): file.write(bytes(2**20)); file.flush()
    except OSError as error:
        print("refused", file.tell() // 2**20)
os.remove(os.path.join({place}, "large"))
"""
    small = f"""
import os, tempfile, time
for number in range(128):
    with open(os.path.join({place}, f"small{{number}}"), "wb") as file: file.write(os.urandom(2**20))
    time.sleep(0.01)
print("all written")
"""
    # in notebooks of their own: where the limit is kept by looking, a look at the full file may end the process later
    with ran(zygote, large) as session:
        assert session.execution.cells[0].status == "died" or text(session).startswith("refused")
        if session.execution.cells[0].status == "died":
            assert "MB of files" in session.execution.ended
        else:
            assert int(text(session).split()[1]) <= BOUNDS.disk_mb
    with ran(zygote, DOUBLE, small) as session:
        assert session.execution.cells[1].status in ("error", "died")
        assert works(session)


FLOODS = (
    "while True: print('x' * 1000)",
    "print('x' * 2**24)",
    "import IPython.display as d\nd.display({'text/plain': 'x' * 2**23}, raw=True)",
    "import IPython.display as d\nfor _ in range(3000): d.display({}, raw=True)",
    "import os, time\nend = time.time() + 2\nwhile time.time() < end: os.write(1, b'x' * 4096)",
)


def test_output_is_bounded(zygote: Zygote) -> None:
    """Endless lines, one huge print or picture, thousands of empty outputs, output below Python: the notebook
    stays small and the next cell runs."""
    cells = [cell for flood in FLOODS for cell in (flood, "print('on')")]
    with ran(zygote, DOUBLE, *cells) as session:
        for number, flood in enumerate(FLOODS):
            assert len(str(session.execution.notebook["cells"][2 * number + 1])) < 4 * BOUNDS.output_kb * 1024, flood
            assert text(session, 2 * number + 2) == "on\n", flood
        assert works(session)


def test_a_stopped_flood_does_not_stop_the_next_cell(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the interrupt for a cell that printed too much is under way, it never reaches the cell after it."""
    interrupt = AsyncKernelManager.interrupt_kernel

    async def slowly(manager: Any) -> None:
        await asyncio.sleep(0.3)
        await interrupt(manager)

    monkeypatch.setattr(AsyncKernelManager, "interrupt_kernel", slowly)
    wait = "import time\nfor _ in range(40): time.sleep(0.02)\nprint('on')"
    with ran(zygote, "print('x' * 2**24)", wait) as session:
        assert text(session) == "on\n"
