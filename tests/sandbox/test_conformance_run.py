"""What every backend promises about running cells: who is blamed when a process ends, and how long a cell may take."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from autograder.errors import SandboxError
from autograder.sandbox.client import Zygote
from autograder.sandbox.execute import KernelRun
from autograder.sandbox.session import Session, run_notebook
from tests.support import BOUNDS, DOUBLE, chain, collected, kill, ran, statuses, text, works

DEATH = "import os\nos._exit(0)"
SLEEP = "import time\ntime.sleep(1.5)"


@contextlib.contextmanager
def struck(zygote: Zygote, strike: Callable[[int], None], *cells: str) -> Iterator[Session]:
    """The session of a notebook that is struck from outside: `strike` is called with the place of each cell to run."""
    session = run_notebook(zygote, collected(*cells), BOUNDS, lambda place, total: strike(place))
    try:
        yield session
    finally:
        session.close()


@pytest.mark.parametrize("whom", ["kernel", "first", "supervisor", "zygote"])
@pytest.mark.parametrize("late", [0.0, 0.5], ids=["between cells", "during a cell"])
def test_a_process_killed_from_outside_costs_nothing(zygote: Zygote, whom: str, late: float) -> None:
    """Whichever process it is: no cell is blamed, and the notebook is run again as it is."""
    left = [whom]

    def strike(place: int) -> None:
        if place == 1 and left:
            threading.Timer(late, kill, (zygote, left.pop())).start()
            time.sleep(0.5 if late == 0.0 else 0.0)

    with struck(zygote, strike, DOUBLE, SLEEP, "print('on')") as session:
        assert statuses(session) == ["ok", "ok", "ok"]
        assert session.execution.ended == ""
        assert text(session) == "on\n"
        assert works(session)


def kill_unseen(zygote: Zygote) -> None:
    """The kernel is gone, and for a second nothing above it learns of that, as on a machine that is busy."""
    above = chain(zygote)["first"]

    def wake() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(above, signal.SIGCONT)

    os.kill(above, signal.SIGSTOP)
    kill(zygote, "kernel")
    threading.Timer(1.0, wake).start()
    time.sleep(0.3)


@pytest.mark.parametrize("when", ["_run_cell", "_answers", "hand_over"])
def test_a_death_that_is_told_late_is_no_cells_doing(zygote: Zygote, monkeypatch: Any, when: str) -> None:
    """The connections of a process close before anybody knows that it has ended."""
    work, calls = getattr(KernelRun, when), itertools.count(1)

    def struck_first(run: KernelRun, *args: Any) -> Any:
        if next(calls) == (1 if when == "hand_over" else 2):
            kill_unseen(zygote)
        return work(run, *args)

    monkeypatch.setattr(KernelRun, when, struck_first)
    with ran(zygote, DOUBLE, "print('on')") as session:
        assert statuses(session) == ["ok", "ok"]
        assert (session.execution.ended, text(session, 1)) == ("", "on\n")
        assert works(session)


def test_who_is_killed_again_and_again_is_not_graded(zygote: Zygote) -> None:
    """That is our failure, and said so: nobody is graded on what was left."""

    def strike(place: int) -> None:
        if place == 0:  # once a run: a short cell may end before its kernel does, and then nobody is left to kill
            kill(zygote, "supervisor")

    with pytest.raises(SandboxError), struck(zygote, strike, DOUBLE, SLEEP):
        pass


def test_a_kernel_killed_at_ever_other_cells_is_looked_at(zygote: Zygote) -> None:
    """While nobody else's is, it may well kill itself: those cells are left out, and a person is asked to look."""
    struck_cells: set[int] = set()

    def elsewhere(place: int) -> None:
        if place not in struck_cells:
            struck_cells.add(place)
            kill(zygote, "kernel")
            time.sleep(0.3)

    with struck(zygote, elsewhere, *["pass"] * 9) as session:
        assert session.execution.doubtful
        assert statuses(session).count("died") >= 4


def test_after_any_number_of_deadly_cells_the_rest_is_run(zygote: Zygote) -> None:
    """Each is left out and named; what stands between them counts."""
    deadly = [f"{DEATH}  # {number}" for number in range(5)]
    cells = [DOUBLE, *(part for death in deadly for part in (death, "print('on')"))]
    with ran(zygote, *cells) as session:
        assert statuses(session) == ["ok", *["died", "ok"] * 5]
        assert text(session) == "on\n"
        assert "left out" in text(session, 9)
        assert works(session)


def test_thousands_of_deadly_cells_come_to_an_end(zygote: Zygote) -> None:
    """What stands before them and after them counts."""
    begin = time.monotonic()
    with ran(zygote, DOUBLE, *[DEATH] * 3000, "print('on')") as session:
        assert statuses(session) == ["ok", *["died"] * 3000, "ok"]
        assert works(session)
    assert time.monotonic() - begin < BOUNDS.total_seconds


EXITS = (
    "exit()",
    "quit()",
    "if True:\n    exit()",
    "get_ipython().kernel.do_shutdown(True)",
    "import IPython\nIPython.Application.instance().kernel.do_shutdown(True)",
    "get_ipython().ask_exit()",
    "get_ipython().exit_now = True",
)


def test_a_polite_exit_names_its_cell_and_no_other(zygote: Zygote) -> None:
    """In whatever words a cell asks for it: what it defines counts, and the cells around it are left alone."""
    cells = [part for number, way in enumerate(EXITS) for part in (f"a{number} = 1\n{way}\nb{number} = 1", "pass")]
    found = " + ".join(f"a{number} + b{number}" for number in range(len(EXITS)))
    with ran(zygote, DOUBLE, *cells, f"print({found})") as session:
        assert statuses(session) == ["ok", *["died", "ok"] * len(EXITS), "ok"]
        assert text(session) == f"{2 * len(EXITS)}\n"
        assert "exit call" in text(session, 1)
        assert session.execution.ended == ""
        assert works(session)


FAILED = (
    ("# mine\n%%time", "UsageError"),
    ("%no_such_magic", "UsageError"),
    ("%%time\n1 +", "SyntaxError"),
    ("%run no_such_file.py", "Exception"),
    ("1 +", "SyntaxError"),
    ("%%no_such_magic\n1", "UsageError"),
    ("class E(Exception):\n    def __str__(self):\n        raise ValueError\nraise E", ""),
    ("raise SystemExit(3)", "SystemExit"),
)


def test_what_failed_is_not_called_ok(zygote: Zygote) -> None:
    """The reply decides, not what was printed: some errors only print a line."""
    with ran(zygote, DOUBLE, *(code for code, _ in FAILED)) as session:
        assert statuses(session) == ["ok", *["error"] * len(FAILED)]
        for run, (code, error) in zip(session.execution.cells[1:], FAILED, strict=True):
            assert run.error.startswith(error), code
        assert works(session)


def hold_the_interpreter(seconds: int) -> None:
    """Stop every thread of this process, as a long call into a library does that never lets go of the interpreter."""
    ctypes.PyDLL(None).usleep(ctypes.c_uint(seconds * 10**6))


def test_no_clock_runs_while_the_grader_stands_still(zygote: Zygote) -> None:
    """A grader held up for longer than a cell may take stops no cell."""
    limits = replace(BOUNDS, cell_seconds=2)

    def strike(place: int) -> None:
        if place == 1:
            threading.Timer(0.3, hold_the_interpreter, (5,)).start()

    session = run_notebook(zygote, collected(DOUBLE, SLEEP), limits, lambda place, total: strike(place))
    try:
        assert statuses(session) == ["ok", "ok"]
        assert session.execution.cells[1].seconds < limits.cell_seconds
        assert works(session)
    finally:
        session.close()


def test_an_exception_out_of_a_deep_recursion_is_an_ordinary_error(zygote: Zygote) -> None:
    """It is shown in a moment, whatever it came through, and also where each exception led to another one."""
    again = "def f(x):\n    return f(x)\n\nf(1)"
    led = "def g(n):\n    try:\n        1 / n and g(n - 1)\n"
    led += "    except Exception as error:\n        raise ValueError(n) from error"
    deeper = "import sys\nsys.setrecursionlimit(9000)\nf(1)"
    with ran(zygote, DOUBLE, again, led, "g(300)", deeper) as session:
        assert statuses(session) == ["ok", "error", "ok", "error", "error"]
        assert [cell.error.split(":")[0] for cell in session.execution.cells if cell.error] == [
            "RecursionError", "ValueError", "RecursionError"
        ]  # fmt: skip
        assert works(session)


def test_a_result_that_cannot_be_shown_is_named(zygote: Zygote) -> None:
    """The cell is told to have failed with what its own __repr__ raised."""
    with ran(zygote, DOUBLE, "class R:\n    def __repr__(self):\n        raise ValueError('mine')\n\nR()") as session:
        assert statuses(session) == ["ok", "error"]
        assert session.execution.cells[1].error == "ValueError: mine"
        assert works(session)
