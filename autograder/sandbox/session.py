"""A notebook that has run, and channels from the judge to it."""

from __future__ import annotations

import contextlib
import copy
import socket
import time
from collections.abc import Iterator
from typing import Any

import msgpack
import nbformat

from autograder.errors import ChannelClosed, SandboxError
from autograder.model import CellRun, Collected, Execution, Limits
from autograder.sandbox.blame import Blame
from autograder.sandbox.client import Zygote
from autograder.sandbox.execute import KernelRun, Progress
from autograder.sandbox.running import Running
from autograder.stages import stage
from autograder.starved import PATIENCE, Patience

_ENDING = 10.0  # seconds that a fork which is killed may take to be gone


class Session:
    """The sandbox after the run. `execution` tells what happened; `channel` serves one check."""

    def __init__(self, execution: Execution, running: Running | None, cpu_seconds: float) -> None:
        self.execution = execution
        self.lived = running is not None  # to the end of the run
        self._running = running
        self._cpu = cpu_seconds
        self._noted = False

    @property
    def alive(self) -> bool:
        """Whether there is a process that can answer for the notebook."""
        return self._running is not None and self._running.poll() is None

    @property
    def supervisor(self) -> int:
        """See Running; 0 when there is no process any more."""
        return self._running.supervisor if self._running is not None else 0

    def cpu_so_far(self) -> float:
        """CPU seconds of the notebook's processes until now, without those of earlier runs; 0 when they have ended."""
        return self._running.cpu_so_far() if self._running is not None and self.alive else 0.0

    @contextlib.contextmanager
    def channel(self, seconds: float, inline: bool = False) -> Iterator[socket.socket]:
        """A socket on which one fresh fork of the notebook answers for at most `seconds`, on a busy machine several
        times as long, until it is closed; with `inline` the notebook's own process does.

        Raises ChannelClosed when the notebook's process is gone or does not serve, SandboxError when the
        sandbox itself was lost."""
        running = self._running
        if running is None or not self.alive:
            self._blame("the notebook's process has ended")
        assert running is not None
        if not inline and not self._noted:  # before the first fork can have changed anything
            self._noted = running.tell("note")
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                request = msgpack.packb({"serve": "inline" if inline else "fork", "seconds": PATIENCE * seconds + 1.0})
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
            if not inline and self._noted and self.alive:
                running.tell("restore")
                self._check_lost(running)

    def _finish(self, running: Running) -> None:
        """The fork ends when its socket closes, or is made to. A process that does neither is killed."""
        patience, seconds, killed = Patience(running.starved, _ENDING), 1.0, False
        while seconds > 0:
            try:
                running.agent.settimeout(seconds)
                if not running.agent.recv(4096):
                    break
                running.poll()  # its last word may come while the sandbox is already being lost
                self._check_lost(running)
                return
            except TimeoutError:
                seconds = patience.more() if killed else _ENDING
                if not killed:
                    killed = True
                    with contextlib.suppress(OSError):
                        running.agent.send(b"kill")
            except OSError:
                break
        self.close()
        self._check_lost(running)

    @staticmethod
    def _check_lost(running: Running) -> None:
        if running.outcome is not None and running.outcome.get("reason") == "lost":
            raise SandboxError("the sandbox was lost while the notebook was judged")

    def _blame(self, what: str) -> None:
        """Raise for a notebook that cannot answer: SandboxError if that is our fault, else ChannelClosed."""
        outcome = self._running.outcome if self._running is not None else None
        if outcome is not None and outcome.get("reason") == "lost":
            raise SandboxError("the sandbox was lost after the notebook had run")
        raise ChannelClosed(what)

    def cpu_with_watch(self) -> float:
        """See Running; 0 when there is no process any more."""
        return self._running.cpu_with_watch() if self._running is not None and self.alive else 0.0

    def crowded(self) -> str:
        """See Running."""
        return self._running.crowded() if self._running is not None else ""

    def close(self) -> float:
        """Kill what is left. Returns the CPU seconds that the whole submission used."""
        if self._running is not None:
            self._cpu += float(self._running.stop().get("cpu", 0.0))
            self._running = None
        return self._cpu


def _out_of_gpu(cell: CellRun) -> bool:
    """Whether a cell stopped because there was no memory left on its GPU."""
    return cell.status == "error" and (cell.error.startswith("OutOfMemoryError") or "CUDA out of memory" in cell.error)


def run_notebook(
    zygote: Zygote, collected: Collected, limits: Limits, progress: Progress | None = None,
    undrawn: frozenset[int] = frozenset(),
) -> Session:  # fmt: skip
    """Run a collected notebook, but for the cells at the places `undrawn`, and keep its process for the judge.

    A cell that ends the process (an exit call, too much memory, ignoring its time limit) is left out and the
    rest is run again, so that it costs only what depends on it. Raises SandboxError when we fail."""
    return _Runs(zygote, collected, limits, progress, undrawn).session()


class _Runs:
    """A notebook is run until it comes to its end alive: again without each cell that ended its process, and again
    as it is when that was, or may have been, no cell's doing."""

    def __init__(
        self, zygote: Zygote, collected: Collected, limits: Limits, progress: Progress | None, undrawn: frozenset[int]
    ) -> None:
        self.zygote, self.collected, self.limits, self.progress = zygote, collected, limits, progress
        self.undrawn = undrawn
        self.name = str(collected.submission.path)
        self.blame = Blame(collected.notebook["cells"], lambda: zygote.toll.spares_others(self.name))
        self.spent = self.cpu = 0.0
        self.ended = ""

    def session(self) -> Session:
        """The notebook after its run, with its process if one lived on. Raises SandboxError."""
        begin = time.monotonic()
        while True:
            notebook: Any = nbformat.from_dict(copy.deepcopy(self.collected.notebook))
            run, cells = self._once(notebook)
            if run is None and not cells:
                continue
            seconds = time.monotonic() - begin
            told = self.blame.told(notebook, cells)
            if run is not None:
                ended = self.ended or run.late
                return Session(self._execution(notebook, told, seconds, ended), run.running, self.cpu)
            if not self.blame.goes_on(self.spent, self.limits.total_seconds):
                return Session(self._execution(notebook, told, seconds, self.ended), None, self.cpu)

    def _execution(self, notebook: Any, told: tuple[CellRun, ...], seconds: float, ended: str) -> Execution:
        return Execution(notebook, told, seconds, ended=ended, doubtful=self.blame.doubtful)

    def _once(self, notebook: Any) -> tuple[KernelRun | None, list[CellRun]]:
        """Run what is not left out. Returns the run if its process lives on, and what happened to each cell: nothing
        when nobody knows, and the notebook has to be run again as it is. Raises SandboxError after several of those."""
        with stage("sandbox"):
            run = KernelRun(self.zygote, self.limits, self.collected.files, self.collected.given)
        used = run.running.cpu_with_watch
        try:
            with stage("sandbox", used, fresh=True):
                run.wait()
            with stage("kernel", used):
                run.start()
            seconds = max(2 * self.limits.total_seconds - self.spent, self.limits.total_seconds / 2)
            with stage("cells", used):
                skip, most = self.blame.skipped() | self.undrawn, min(seconds, self.limits.total_seconds)
                cells = run.run_cells(notebook, skip, most, self.progress)
            if any(_out_of_gpu(cell) for cell in cells) and (why := run.running.crowded()):
                raise SandboxError(f"a cell found no room on the GPU: {why}")
            if not run.died:
                with stage("hand over", used):
                    run.hand_over()
            if not run.died:
                self.zygote.toll.count(self.name, False)
                return run, cells
            self.zygote.toll.count(self.name, run.killed)
            known = self.blame.take(cells, run.died, run.killed)
        except BaseException as error:
            self._count(run)
            if not isinstance(error, SandboxError):
                raise
            self.blame.lose(error)
            return None, []
        self._count(run)
        if known:
            self.ended = self.ended or run.died
        return None, cells if known else []

    def _count(self, run: KernelRun) -> None:
        self.spent += run.clock.now
        self.cpu += run.stop()
