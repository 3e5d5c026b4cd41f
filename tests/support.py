"""Small notebooks in real sandboxes: what the tests of the sandbox, the guest and the attacks share."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat

from autograder.judge import Student
from autograder.judge.ports import SocketPort
from autograder.model import Collected, Limits, Submission
from autograder.sandbox.backends import BACKENDS
from autograder.sandbox.client import Zygote
from autograder.sandbox.session import Session, run_notebook

# Times that only a busy machine comes near: a test about time sets its own.
BOUNDS = Limits(cell_seconds=30, total_seconds=200, check_seconds=15, memory_mb=768, disk_mb=32, output_kb=64)
BRIEF = replace(BOUNDS, cell_seconds=1)
SOON = BOUNDS.cell_seconds / 2  # less than anything takes that nobody stops
DOUBLE = "def double(x):\n    return 2 * x"


def collected(*cells: str, files: dict[str, bytes] | None = None) -> Collected:
    """A submission of these code cells, as the collector would hand it over."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    return Collected(Submission("somebody", "something", Path("nowhere")), "", notebook, files=files or {})


@contextlib.contextmanager
def ran(
    zygote: Zygote, *cells: str, limits: Limits = BOUNDS, files: dict[str, bytes] | None = None
) -> Iterator[Session]:
    """The session of a notebook with these cells, closed at the end."""
    session = run_notebook(zygote, collected(*cells, files=files), limits)
    try:
        yield session
    finally:
        session.close()


def statuses(session: Session) -> list[str]:
    """How each cell ended."""
    return [cell.status for cell in session.execution.cells]


def text(session: Session, cell: int = -1) -> str:
    """What one cell printed."""
    outputs = session.execution.notebook["cells"][cell]["outputs"]
    return "".join(output.get("text", "") for output in outputs)


@contextlib.contextmanager
def student(session: Session, seconds: float = BOUNDS.check_seconds) -> Iterator[Student]:
    """One fork of the finished notebook, as a check sees it."""
    with session.channel(seconds) as channel:
        yield Student(SocketPort(channel, seconds))


def works(session: Session) -> bool:
    """Whether a function that an earlier cell defined can be called after the run."""
    with student(session) as one:
        return one.double(21) == 42


def unique() -> str:
    """A name that occurs nowhere else on this machine."""
    return f"s2gtest{uuid.uuid4().hex}"


def processes_with(word: str) -> list[int]:
    """The processes of this machine with `word` in their command line. Tests run side by side, and the same test on
    several back ends: only a word from `unique()`, or the folder of one test, tells one's own from another's."""
    assert re.search("[0-9a-f]{32}", word) or Path(word).is_absolute(), f"{word} may be another test's as well"
    found = []
    for entry in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if entry.isdigit() and word.encode() in Path("/proc", entry, "cmdline").read_bytes():
                found.append(int(entry))
    return found


def promising(what: str) -> list[str]:
    """The backends that promise to isolate files, network, processes or user."""
    return [name for name, backend in BACKENDS.items() if what in backend.isolates]


def children(pid: int) -> list[int]:
    """The processes that this one has started and that still are there."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path("/proc", str(pid), "task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return [child for child in found if _lives(child)]


def _lives(pid: int) -> bool:
    """Whether it has not ended yet, and only waits to be reaped."""
    with contextlib.suppress(OSError):
        return Path("/proc", str(pid), "stat").read_text(errors="replace").rpartition(") ")[2][0] not in "ZX"
    return False


def supervises(pid: int) -> bool:
    """Whether a child of the warm process stands above a sandbox: the others are judges."""
    with contextlib.suppress(ProcessLookupError):
        return os.getsid(pid) == pid
    return False


def chain(zygote: Zygote) -> dict[str, int]:
    """The warm process, and what stands between it and the one kernel that runs."""
    pids = [zygote._process.pid]
    while below := children(pids[-1]):
        apart = below if len(pids) > 1 else [pid for pid in below if supervises(pid)]
        if not apart:
            break
        pids.append(next((pid for pid in apart if children(pid)), apart[0]))
    return dict(zip(("zygote", "supervisor", "first", "kernel"), pids, strict=False))


def kill(zygote: Zygote, whom: str) -> None:
    """From outside, as an administrator or the machine would. Who has just ended while we looked is not the one."""
    for _ in range(500):
        with contextlib.suppress(ProcessLookupError, KeyError):
            os.kill(chain(zygote)[whom], signal.SIGKILL)
            return
        time.sleep(0.02)
    raise AssertionError(f"there is no {whom}")


def spelled_out(folder: Path) -> Path:
    """Write the template's notebook into `folder` as nbgrader spells it, with all its flags and hidden blocks."""
    for part in Path(__file__).with_name("spelled_out.txt").read_text(encoding="utf-8").split("=== ")[1:]:
        name, text = part.split("\n", 1)
        (folder / name).write_text(text.replace("ASSIGNMENT_ID", folder.name), encoding="utf-8")
    return folder
