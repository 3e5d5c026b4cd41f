"""What every backend promises about memory, processes, disk and output."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

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
dead = settled(kids)
print(sum(os.path.exists(f"full{depth}") and kids[depth] not in dead for depth in range(8)))
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
    # one that never rests is among the attacks
    bomb = "import os, time\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        time.sleep(0.1)"
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


def test_a_full_disk_costs_the_cell_that_filled_it(zygote: Zygote) -> None:
    """However quickly it does so: neither the cell after it nor a check pays, in this run or the next."""
    files = BOUNDS.disk_mb // 8 + 4
    fill = f"for number in range({files}):\n    with open(f'f{{number}}', 'wb') as file: file.write(bytes(2**23))"
    with ran(zygote, DOUBLE, "a = 1", fill, "print('on')") as session:
        states = statuses(session)
        assert states[2] in ("error", "died")
        assert states[:2] + states[3:] == ["ok"] * 3
        assert works(session)


FLOODS = (
    "for i in range(40000): print('step', i, 'x' * 500)",
    "print('x' * 2**24)",
    "import IPython.display as d\nd.display({'text/plain': 'x' * 2**23}, raw=True)",
    "import IPython.display as d\nfor _ in range(3000): d.display({}, raw=True)",
    "for i in range(20000): print(i, flush=True)",
    "import os\nfor _ in range(500): os.write(1, b'x' * 4096)",
    "from ipywidgets import IntProgress\nbar = IntProgress(max=3000)\nfor i in range(3000): bar.value = i",
    "import sys\nfor i in range(3000): sys.stderr.write(f'{i:60}\\r'); sys.stderr.flush()",
)


def test_much_output_is_cut_and_costs_nothing_else(zygote: Zygote) -> None:
    """Twenty megabytes of lines, one huge print or picture, thousands of outputs or flushes, output below Python: the
    cell runs to its end, the notebook stays small and says what was cut."""
    cells = [cell for number, flood in enumerate(FLOODS) for cell in (f"{flood}\nlast = {number}", "print(last)")]
    with ran(zygote, DOUBLE, *cells) as session:
        assert statuses(session) == ["ok"] * (1 + len(cells))
        for number, flood in enumerate(FLOODS):
            assert len(str(session.execution.notebook["cells"][2 * number + 1])) < 2 * BOUNDS.output_kb * 1024, flood
            assert text(session, 2 * number + 2) == f"{number}\n", flood
            assert session.execution.cells[2 * number + 1].cut, flood
            assert "output cut" in text(session, 2 * number + 1), flood
            assert not session.execution.cells[2 * number + 2].cut, flood
        assert works(session)


def test_output_is_cut_at_the_same_place_each_time(zygote: Zygote) -> None:
    """What is kept does not depend on how fast the machine is."""
    cells = FLOODS[0], FLOODS[1]
    with ran(zygote, *cells) as one, ran(zygote, *cells) as two:
        assert [text(one, 0), text(one, 1)] == [text(two, 0), text(two, 1)]


def test_an_error_is_always_shown_but_never_at_length(zygote: Zygote) -> None:
    """Neither one of many megabytes nor one after much output keeps the reader from what went wrong."""
    cells = "raise ValueError('x' * 18_000_000)", "print('x' * 10**6)\n1 / 0", "print('on')"
    with ran(zygote, DOUBLE, *cells) as session:
        assert statuses(session) == ["ok", "error", "error", "ok"]
        for number, name in ((1, "ValueError"), (2, "ZeroDivisionError")):
            assert session.execution.cells[number].error.startswith(name)
            outputs = session.execution.notebook["cells"][number]["outputs"]
            assert [output["ename"] for output in outputs if output["output_type"] == "error"] == [name]
            assert len(str(outputs)) < 2 * BOUNDS.output_kb * 1024
        assert text(session) == "on\n"
        assert works(session)


def test_a_whole_notebook_prints_only_so_much(zygote: Zygote) -> None:
    """Many cells that each print as much as one may are cut together."""
    room = BOUNDS.output_kb * 1024
    with ran(zygote, *[f"print('x' * {room - 2})"] * 40) as session:
        assert statuses(session) == ["ok"] * 40
        assert len(str(session.execution.notebook)) < 18 * room
        assert [session.execution.cells[number].cut for number in (0, 39)] == [False, True]


def test_output_without_end_is_stopped_at_the_time_limit(zygote: Zygote) -> None:
    """A loop that prints for ever costs its cell, and no interrupt reaches the cell after it."""
    wait = "import time\nfor _ in range(20): time.sleep(0.02)\nprint('on')"
    with ran(zygote, DOUBLE, "while True: print('x' * 1000)", wait, limits=BRIEF) as session:
        assert statuses(session) == ["ok", "timeout", "ok"]
        assert text(session) == "on\n"
        assert works(session)


def test_who_gets_round_the_cut_is_stopped(zygote: Zygote) -> None:
    """A notebook that undoes the limit in its own process fills no memory of the grader's: the cell is left out."""
    unbound = "from autograder.sandbox import cut\ncut.budget.each = cut.budget.left = 10**12\n"
    loop = "while True: print('x' * 1000)"
    with ran(zygote, DOUBLE, unbound + loop, "print('on')") as session:
        assert statuses(session) == ["ok", "died", "ok"]
        assert "far more" in session.execution.cells[1].error
        assert text(session) == "on\n"
        assert works(session)
