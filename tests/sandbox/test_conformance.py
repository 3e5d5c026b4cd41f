"""What every backend promises. One suite for all of them: a new backend has to pass it as it stands."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from autograder.errors import ChannelClosed, ChannelTimeout, SandboxError
from autograder.processes import Machine
from autograder.sandbox import cgroup
from autograder.sandbox.client import Zygote
from autograder.sandbox.execute import KernelRun
from autograder.sandbox.session import Session
from tests.support import BOUNDS, BRIEF, DOUBLE, SOON, processes_with, ran, statuses, student, text, unique, works


def groups_gone(name: str) -> bool:
    """Whether the cgroups of a session are gone, a moment after it was closed."""
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        if not list(cgroup.ROOT.glob(f"*/{name}")):
            return True
        time.sleep(0.02)
    return False


def test_cells_run_in_order_and_keep_state(zygote: Zygote) -> None:
    """A cell sees what the cells before it defined, and the last value of a cell is shown."""
    with ran(zygote, "a = [1]", "a.append(2)", "print(a)", "import torch; torch.ones(2).sum().item()") as session:
        assert statuses(session) == ["ok"] * 4
        assert text(session, 2) == "[1, 2]\n"
        assert session.execution.notebook["cells"][3]["outputs"][0]["data"]["text/plain"] == "2.0"
        assert session.execution.ended == ""


def test_a_kernel_starts_without_a_debugger(zygote: Zygote) -> None:
    """It takes two thirds of a start. A notebook that wants the package finds it, and `sys` is everybody's own."""
    seen = (
        "import sys, ipykernel.debugger, ipykernel.ipkernel\n"
        "print('debugpy' in sys.modules, ipykernel.debugger._is_debugpy_available, ipykernel.ipkernel.sys is sys)"
    )
    with ran(zygote, seen, "import debugpy\nprint('found')") as session:
        assert text(session, 0) == "False False True\n"
        assert text(session, 1) == "found\n"


def test_files_of_the_submission_lie_beside_the_notebook(zygote: Zygote) -> None:
    """Extra files are there, in their folders, and can be changed."""
    read = "print(open('data/rows.csv').read()); open('data/rows.csv', 'a').write('x'); open('new', 'w').close()"
    with ran(zygote, read, files={"data/rows.csv": b"1,2"}) as session:
        assert text(session) == "1,2\n"


def test_an_error_costs_its_own_cell_only(zygote: Zygote) -> None:
    """Cells after one that raises run all the same."""
    with ran(zygote, DOUBLE, "1 / 0", "print('on')") as session:
        assert statuses(session) == ["ok", "error", "ok"]
        assert session.execution.cells[1].error.startswith("ZeroDivisionError")
        assert text(session) == "on\n"
        assert works(session)


@pytest.mark.parametrize("loop", ["while True: pass", "try:\n    while True: pass\nexcept KeyboardInterrupt: pass"])
def test_a_cell_that_never_ends_is_stopped(zygote: Zygote, loop: str) -> None:
    """A loop is interrupted at the cell's time limit, and the next cell runs."""
    with ran(zygote, DOUBLE, loop, "print('on')", limits=BRIEF) as session:
        assert statuses(session) == ["ok", "timeout", "ok"]
        assert session.execution.cells[1].seconds < SOON
        assert works(session)


def test_an_interrupt_that_is_lost_in_a_finalizer_is_followed_by_another(zygote: Zygote) -> None:
    """Python drops what is raised in a finalizer, and goes on with the cell: that is not the cell's refusal."""
    late = (
        "import time\nclass Late:\n    def __del__(self):\n        time.sleep(4)\n"
        "print('before', flush=True)\nLate()\nwhile True: pass"
    )
    with ran(zygote, DOUBLE, late, "print('on')", limits=BRIEF) as session:
        assert statuses(session) == ["ok", "timeout", "ok"]
        assert text(session, 1).startswith("before\n")
        assert works(session)


def test_an_interrupt_that_comes_before_the_cell_has_begun_is_followed_by_another(zygote: Zygote) -> None:
    """A machine may hold the notebook's process up until the cell's time is over: the cell is stopped all the same."""
    run = KernelRun(zygote, replace(BOUNDS, cell_seconds=0.3), {})
    try:
        run.start()
        pids = Machine().below(run.running.supervisor)
        for held_up in (1.0, 1.5):
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            threading.Timer(held_up, lambda: [os.kill(pid, signal.SIGCONT) for pid in pids]).start()
            cells = [nbformat.v4.new_code_cell(source) for source in ("while True: pass", "print('on')")]
            done = run.run_cells(nbformat.v4.new_notebook(cells=cells), frozenset(), 60.0)
            assert [one.status for one in done] == ["timeout", "ok"]
    finally:
        run.stop()


def test_a_cell_that_cannot_be_interrupted_is_left_out(zygote: Zygote) -> None:
    """A loop that ignores the interrupt ends its process; the rest runs again without it."""
    stubborn = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(0.01)"
    with ran(zygote, DOUBLE, stubborn, "print('on')", limits=BRIEF) as session:
        assert statuses(session) == ["ok", "died", "ok"]
        assert "time limit" in session.execution.ended
        assert "left out" in text(session, 1)
        assert works(session)


def test_an_interrupt_that_comes_too_late_hits_nothing(zygote: Zygote) -> None:
    """Interrupts between the lines of user code cost no reply of the kernel: the cells after them run."""
    noise = """
import os, signal, threading, time
def noise():
    end = time.time() + 1.0
    while time.time() < end:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.001)
threading.Thread(target=noise).start()
"""
    wait = "sum(range(10**8))"  # seconds in one call that no interrupt can stop: the noise is over after it
    with ran(zygote, DOUBLE, noise, *["pass"] * 20, wait, "print('on')") as session:
        assert "died" not in statuses(session)
        assert text(session) == "on\n"
        assert works(session)


def test_the_notebook_as_a_whole_has_a_time_limit(zygote: Zygote) -> None:
    """Cells that no time is left for do not run, and the reason is given."""
    limits = replace(BOUNDS, total_seconds=1)
    with ran(zygote, DOUBLE, *["import time; time.sleep(0.6)"] * 3, limits=limits) as session:
        assert session.execution.seconds < SOON
        assert session.execution.cells[-1].status == "skipped"
        assert "time limit" in session.execution.ended
        assert works(session)


@pytest.mark.parametrize(
    "end",
    [
        "import os\nos._exit(0)",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "import ctypes\nctypes.string_at(0)",
        "import os\nos.closerange(3, 1000)",
    ],
    ids=["exit", "kill", "segfault", "closed sockets"],
)
def test_a_cell_that_ends_the_process_is_left_out(zygote: Zygote, end: str) -> None:
    """The rest of the notebook runs again without it, and its functions can be called."""
    with ran(zygote, DOUBLE, end, "print('on')", limits=BRIEF) as session:
        assert statuses(session) == ["ok", "died", "ok"]
        assert "left out" in text(session, 1)
        assert text(session) == "on\n"
        assert works(session)


@pytest.mark.parametrize("end", ["import sys\nsys.exit(3)", "exit()", "raise SystemExit"])
def test_a_polite_exit_ends_at_most_its_cell(zygote: Zygote, end: str) -> None:
    """SystemExit in a cell leaves the cells around it alone."""
    with ran(zygote, DOUBLE, end, "print('on')") as session:
        assert text(session) == "on\n"
        assert works(session)


def test_nothing_is_left_behind(zygote: Zygote) -> None:
    """No process, no folder, no cgroup and no temporary file outlives the session."""
    word = unique()
    daemon = f"""
import os, sys, tempfile
for folder in (tempfile.gettempdir(), "/tmp", "/dev/shm"):
    open(os.path.join(folder, "{word}"), "w").close()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, ["python", "-c", "import time; time.sleep(600)", "{word}"])
    os._exit(0)
"""
    with ran(zygote, DOUBLE, daemon, "import time; time.sleep(0.5)") as session:
        assert statuses(session) == ["ok", "ok", "ok"]
        assert processes_with(word), "the daemon should run while the session does"
        job = session._running.job
    assert not processes_with(word)
    assert not os.path.exists(job.scratch)
    assert groups_gone(job.name)
    left = [path for path in (Path("/tmp", word), Path("/dev/shm", word)) if path.exists()]
    for path in left:
        path.unlink()
    assert not left or not zygote.backend.isolates, "only a backend that promises nothing may leave files there"


def test_checks_do_not_see_each_other(zygote: Zygote) -> None:
    """What a function does to the notebook's variables is gone with the fork that served the check."""
    with ran(zygote, DOUBLE, "seen = []\ndef note(x):\n    seen.append(x)\n    return len(seen)") as session:
        for _ in range(2):
            with student(session) as one:
                assert one.note(5) == 1
                assert one.note(5) == 2


@pytest.mark.parametrize(
    ("body", "error", "seconds"),
    [
        ("while True: pass", ChannelTimeout, 0.5),
        ("import signal; signal.pthread_sigmask(0, range(1, 64))\n    while True: pass", ChannelTimeout, 0.5),
        ("import os; os._exit(0)", ChannelClosed, BOUNDS.check_seconds),
        ("import ctypes; ctypes.string_at(0)", ChannelClosed, BOUNDS.check_seconds),
        ("import os; os.kill(os.getpid(), 9)", ChannelClosed, BOUNDS.check_seconds),
    ],
    ids=["hang", "hang with signals blocked", "exit", "segfault", "kill"],
)
def test_a_function_that_hangs_or_crashes_costs_one_check(
    zygote: Zygote, body: str, error: type, seconds: float
) -> None:
    """The next check finds the notebook as it was."""
    with ran(zygote, DOUBLE, f"def bad():\n    {body}") as session:
        begin = time.monotonic()
        with student(session, seconds) as one, pytest.raises(error):
            one.bad()
        assert time.monotonic() - begin < SOON + seconds
        assert works(session)


def test_a_notebook_whose_process_is_gone_says_so(zygote: Zygote) -> None:
    """A function that kills the process it was forked from ends the session, as a fault of the notebook's own."""
    with ran(zygote, "import os\ndef bad():\n    os.kill(os.getppid(), 9)\n    return 1") as session:
        with student(session) as one:
            one.bad()
        deadline = time.monotonic() + 5
        while session.alive and time.monotonic() < deadline:
            time.sleep(0.05)
        with pytest.raises(ChannelClosed), student(session) as one:
            one.bad()


def judge_and_lose(zygote: Zygote, session: Session) -> None:
    """A check whose sandbox is killed from outside while it runs."""
    with student(session) as one:
        os.kill(zygote._process.pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while session.alive and time.monotonic() < deadline:  # a busy machine takes its time to end them
            time.sleep(0.05)
        with contextlib.suppress(ChannelClosed):
            one.double(1)


def test_the_warm_process_is_replaced_when_it_is_killed(zygote: Zygote) -> None:
    """Its sandboxes are lost as a fault of ours, nothing of them stays, and the next one runs to its end."""
    with ran(zygote, DOUBLE) as session:
        name = session._running.job.name
        with pytest.raises(SandboxError):
            judge_and_lose(zygote, session)
    assert groups_gone(name)
    for _ in range(2):
        with ran(zygote, DOUBLE) as session:
            time.sleep(0.2)
            assert works(session)


def test_two_sandboxes_do_not_disturb_each_other(zygote: Zygote) -> None:
    """One notebook comes to its end while others crash, hoard and kill beside it."""
    results: list[str] = []

    def good() -> None:
        cells = "open('mine', 'w').write('1')", "import time; time.sleep(1)", "print(open('mine').read())"
        with ran(zygote, *cells) as one:
            results.append(text(one))

    def bad() -> None:
        with ran(zygote, "open('mine', 'w').write('2')", "import os\nos.kill(-1, 9)", "1 / 0", limits=BRIEF):
            pass

    threads = [threading.Thread(target=work) for work in (good, bad if zygote.backend.uses_own_user() else good)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(results) == {"1\n"}


def test_random_numbers_differ_between_sandboxes(zygote: Zygote) -> None:
    """No generator continues where the warm process stood."""
    throw = "import random, numpy, torch\nprint(random.random(), numpy.random.rand(), torch.rand(1).item())"
    with ran(zygote, throw) as one, ran(zygote, throw) as two:
        pairs = list(zip(text(one).split(), text(two).split(), strict=True))
    assert len(pairs) == 3
    assert all(a != b for a, b in pairs)
