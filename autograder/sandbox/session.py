"""A notebook that has run, and channels from the judge to it."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import nbformat

from autograder.errors import ChannelClosed, ProtocolError, SandboxError
from autograder.guest.wire import pack, unpack
from autograder.model import CellRun, Collected, Execution, Limits
from autograder.sandbox.client import Running, Zygote
from autograder.sandbox.execute import KernelRun, Progress

_ATTEMPTS = 3


class Session:
    """The sandbox after the run. `execution` tells what happened; `channel` serves one check."""

    def __init__(self, execution: Execution, running: Running | None, cpu_seconds: float) -> None:
        self.execution = execution
        self._running = running
        self._cpu = cpu_seconds

    @property
    def alive(self) -> bool:
        """Whether there is a process that can answer for the notebook."""
        return self._running is not None and self._running.poll() is None

    @contextlib.contextmanager
    def channel(self, seconds: float) -> Iterator[socket.socket]:
        """A socket on which one fresh fork of the notebook answers for at most `seconds`, until it is closed.

        Raises ChannelClosed when the notebook's process is gone or does not serve, SandboxError when the
        sandbox itself was lost."""
        running = self._running
        if running is None or not self.alive:
            self._blame("the notebook's process has ended")
        assert running is not None
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                request = pack({"serve": "fork", "seconds": seconds + 1.0})
                try:
                    running.agent.settimeout(10.0)
                    socket.send_fds(running.agent, [request], [theirs.fileno()])
                except OSError:
                    self._blame("the notebook's process does not take requests")
            with ours:
                yield ours
        finally:
            ours.close()
            self._finish(running)

    def _finish(self, running: Running) -> None:
        """The fork ends when its socket closes, or is made to. A process that does neither is killed."""
        for patience in (1.0, 10.0):
            try:
                running.agent.settimeout(patience)
                unpack(running.agent.recv(4096))
                return
            except TimeoutError:
                with contextlib.suppress(OSError):
                    running.agent.send(b"kill")
            except (OSError, ProtocolError):
                break
        self.close()
        if running.outcome is not None and running.outcome.get("reason") == "lost":
            raise SandboxError("the sandbox was lost while the notebook was judged")

    def _blame(self, what: str) -> None:
        """Raise for a notebook that cannot answer: SandboxError if that is our fault, else ChannelClosed."""
        outcome = self._running.outcome if self._running is not None else None
        if outcome is not None and outcome.get("reason") == "lost":
            raise SandboxError("the sandbox was lost after the notebook had run")
        raise ChannelClosed(what)

    def close(self) -> float:
        """Kill what is left. Returns the CPU seconds that the whole submission used."""
        if self._running is not None:
            self._cpu += float(self._running.stop().get("cpu", 0.0))
            self._running = None
        return self._cpu


def run_notebook(zygote: Zygote, collected: Collected, limits: Limits, progress: Progress | None = None) -> Session:
    """Run a collected notebook and keep its process for the judge.

    A cell that ends the process (an exit call, too much memory, ignoring its time limit) is left out and the
    rest is run again, so that it costs only what depends on it. Raises SandboxError when we fail."""
    return asyncio.run(_run(zygote, collected, limits, progress))


async def _run(zygote: Zygote, collected: Collected, limits: Limits, progress: Progress | None) -> Session:
    begin = time.monotonic()
    fatal: dict[int, CellRun] = {}
    cpu, ended = 0.0, ""
    for _ in range(_ATTEMPTS):
        notebook: Any = nbformat.from_dict(copy.deepcopy(collected.notebook))
        run = KernelRun(zygote, limits, collected.files)
        try:
            await run.start(notebook)
            deadline = min(time.monotonic() + limits.total_seconds, begin + 2 * limits.total_seconds)
            cells = await run.run_cells(frozenset(fatal), deadline, progress)
            if not run.died:
                await run.hand_over()
        except BaseException:
            await run.stop()
            raise
        ended = ended or run.died or run.late
        positions = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        cells = [fatal.get(i, c) for i, c in zip(positions, cells, strict=True)]
        if not run.died:
            for index, cell in fatal.items():
                _say_left_out(notebook, index, cell.error)
            execution = Execution(notebook, tuple(cells), time.monotonic() - begin, ended=ended)
            run.context.destroy(linger=0)
            return Session(execution, run.running, cpu)
        cpu += float((await run.stop()).get("cpu", 0.0))
        number = _culprit(cells, run.died, [i in fatal for i in positions])
        fatal[positions[number]] = replace(cells[number], status="died", error=run.died)
        for index, cell in fatal.items():
            _say_left_out(notebook, index, cell.error)
        if time.monotonic() > begin + 2 * limits.total_seconds:
            break
    execution = Execution(notebook, tuple(cells), time.monotonic() - begin, ended=ended)
    return Session(execution, None, cpu)


def _culprit(cells: Sequence[CellRun], died: str, known: Sequence[bool]) -> int:
    """Which cell (by its number) to leave out next: the last one that ran, for after it nothing could run any more.

    Raises SandboxError when no cell ran at all, since then no cell can have done it."""
    ran = [n for n, cell in enumerate(cells) if cell.status != "skipped" and not known[n]]
    if not ran:
        raise SandboxError(f"the sandboxed kernel was lost before a cell ran: {died}")
    return ran[-1]


def _say_left_out(notebook: Any, index: int, why: str) -> None:
    """Leave a visible trace in the executed notebook."""
    text = f"[this cell was left out, and the notebook run again without it: {why}]\n"
    notebook.cells[index].outputs = [nbformat.v4.new_output("stream", name="stderr", text=text)]
