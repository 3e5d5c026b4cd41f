"""Runs a notebook's cells in a sandboxed kernel with nbclient, within limits on time and output."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import time
from collections.abc import Callable
from typing import Any

import nbformat
import zmq
import zmq.asyncio
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from autograder.errors import SandboxError
from autograder.model import CellRun, Limits
from autograder.sandbox.client import Zygote
from autograder.sandbox.outputs import clean, is_output
from autograder.sandbox.provisioner import SpecManager, ZygoteProvisioner

Progress = Callable[[int, int], None]
_MAX_MESSAGE = 256 * 2**20  # a larger output message is dropped before it fills our memory
_OUTPUTS = frozenset({"stream", "display_data", "execute_result", "error", "update_display_data", "clear_output"})
_MESSAGE_COST = 100  # characters that a message counts for beyond its text
_STUBBORN = "a cell ran past its time limit and ignored the request to stop"
_SEND_MS = 5000  # a notebook that hangs up on us would otherwise block a send for ever
CUT_OFF = "the notebook's process took no further cell: a cell cut its connections or left something running in it"
_GRACE = 3.0  # how long an interrupted cell may take to stop
_SETTLING = 2.0  # how long the kernel may take to say that it has taken an interrupt
_ANSWERING = 15.0  # how long it may take, between two cells, to say that it still listens


class BoundedClient(NotebookClient):
    """nbclient with a bound on what one cell may print. What lies beyond is dropped, and said so."""

    def __init__(self, nb: Any, km: Any, output_bytes: int) -> None:
        super().__init__(
            nb,
            km=km,
            timeout=None,  # KernelRun has the clock
            allow_errors=True,
            force_raise_errors=False,
            interrupt_on_timeout=False,
            record_timing=False,
            store_widget_state=False,
            iopub_timeout=4,
            raise_on_iopub_timeout=False,
            startup_timeout=60,
            coalesce_streams=True,
            error_on_timeout=None,
        )
        self.output_bytes = output_bytes
        self.printed: dict[int, int] = {}
        self.flooded: set[int] = set()
        self.stopping: list[asyncio.Future[Any]] = []

    def stop_cell(self) -> None:
        """Interrupt what runs now."""
        self.stopping.append(asyncio.ensure_future(self._interrupt()))

    async def _interrupt(self) -> None:
        manager: Any = self.km
        with contextlib.suppress(Exception):  # a notebook that hung up on us cannot be asked to stop, only be ended
            await manager.interrupt_kernel()

    async def settle(self) -> None:
        """Wait until the kernel has taken every interrupt so far: one still under way would stop the next cell."""
        stopping, self.stopping = self.stopping, []
        if not stopping or self.kc is None:
            return
        with contextlib.suppress(Exception):  # a notebook that damaged its channels shows that elsewhere
            await asyncio.wait_for(asyncio.gather(*stopping), _SETTLING)
            await self._round_trip(self.kc.control_channel, _SETTLING)

    async def answers(self) -> bool:
        """Whether the kernel still takes requests where cells come in. A cell that cut that connection is found out
        here; else the next one would be taken for it."""
        assert self.kc is not None
        try:
            return await self._round_trip(self.kc.shell_channel, _ANSWERING)
        except zmq.ZMQError:  # nobody takes what we send
            return False

    async def _round_trip(self, channel: Any, seconds: float) -> bool:
        """Ask the least that can be asked, and wait for the reply for so many seconds while the process lives."""
        assert self.kc is not None
        deadline = time.monotonic() + seconds
        asked = self.kc.session.msg("kernel_info_request", {})
        channel.send(asked)
        running: Any = self.km.provisioner.running  # type: ignore[union-attr]
        while (left := deadline - time.monotonic()) > 0 and running.poll() is None:
            with contextlib.suppress(queue.Empty, ValueError, TypeError, KeyError):  # silence or garbage is no reply
                reply = await channel.get_msg(timeout=min(left, 0.5))
                if reply["parent_header"].get("msg_id") == asked["header"]["msg_id"]:
                    return True
        return False

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Count before keeping; keep only what is a well-formed output. Any message may have been forged."""
        kind = msg["msg_type"]
        if kind.startswith("comm_"):  # to widgets, and nobody is there to see them
            return None
        if kind in _OUTPUTS:
            if self._too_much(cell, cell_index, _MESSAGE_COST + len(str(msg["content"]))):
                return None
            msg["content"] = clean(msg["content"])
            if not is_output(kind, msg["content"]):
                return None
        return super().process_message(msg, cell, cell_index)

    def _too_much(self, cell: Any, cell_index: int, size: int) -> bool:
        before = self.printed.get(cell_index, 0)
        self.printed[cell_index] = after = before + size
        if after <= self.output_bytes:
            return False
        if before <= self.output_bytes:
            text = "\n[output cut: a cell may print at most a limited amount]\n"
            cell.outputs.append(nbformat.v4.new_output("stream", name="stderr", text=text))
        if after > 16 * self.output_bytes and cell_index not in self.flooded:
            self.flooded.add(cell_index)
            self.stop_cell()
        return True


class _Manager(AsyncKernelManager):
    """Its clients take its context, with the limits set there; on their own they would make one without."""

    def client(self, **kwargs: Any) -> Any:
        return super().client(context=self.context, **kwargs)


class KernelRun:
    """One sandboxed kernel and the cells it ran. `died`: "" or why the process ended; `late`: "" or why the
    last cells did not run. Both are safe for students."""

    def __init__(self, zygote: Zygote, limits: Limits, files: dict[str, bytes]) -> None:
        self.zygote, self.limits, self.files = zygote, limits, files
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, _MAX_MESSAGE)
        context.setsockopt(zmq.SNDTIMEO, _SEND_MS)
        self.context = context
        self.manager: Any = _Manager(kernel_spec_manager=SpecManager(), context=context)
        self.client: BoundedClient | None = None
        self.died = ""
        self.late = ""

    @property
    def running(self) -> Any:
        """The sandbox behind the kernel."""
        assert isinstance(self.manager.provisioner, ZygoteProvisioner)
        return self.manager.provisioner.running

    async def start(self, notebook: Any) -> None:
        """Fork the sandbox and connect. Raises SandboxError."""
        try:
            await self.manager.start_kernel(zygote=self.zygote, limits=self.limits, files=self.files)
            self.client = BoundedClient(notebook, self.manager, self.limits.output_kb * 1024)
            self.client.reset_execution_trackers()
            await self.client.async_start_new_kernel_client()
            client: Any = self.client.kc
            client.hb_channel.stop()  # it would wait for ever, and we for it, once a notebook broke its sockets
        except SandboxError:
            raise
        except Exception as error:
            raise SandboxError(f"no connection to the sandboxed kernel: {error!r}") from error

    async def run_cells(
        self, skip: frozenset[int], deadline: float, progress: Progress | None = None
    ) -> list[CellRun]:
        """Run every code cell but those in `skip`, in order, until the process ends or time is up."""
        assert self.client is not None
        cells = self.client.nb.cells
        done: list[CellRun] = []
        for index, cell in enumerate(cells):
            if cell.cell_type != "code":
                continue
            name = str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id", index))
            if index in skip or self.died or not cell.source.strip():
                done.append(CellRun(name, "skipped", 0.0))
                continue
            if progress is not None:
                progress(index, len(cells))
            done.append(await self._run_cell(index, cell, name, deadline))
        return done

    async def _run_cell(self, index: int, cell: Any, name: str, deadline: float) -> CellRun:
        assert self.client is not None
        begin = time.monotonic()
        seconds = min(self.limits.cell_seconds, deadline - begin)
        if seconds <= 0:
            self.late = "the notebook as a whole took longer than its time limit"
            return CellRun(name, "skipped", 0.0, self.late)
        task = asyncio.ensure_future(self.client.async_execute_cell(cell, index))
        status, error = "ok", ""
        finished = await self._ends(task, seconds)
        if not finished and self.running.poll() is None:
            status, error = "timeout", f"stopped after {seconds:.0f} s"
            self.client.stop_cell()
            finished = await self._ends(task, _GRACE)
        if not finished:
            stubborn = self.running.poll() is None
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self.died = _STUBBORN if stubborn else self._why()
            status, error = "died", self.died
        else:
            failure = task.exception()
            if isinstance(failure, zmq.Again) and self.running.poll() is None:
                self.died = CUT_OFF
                status, error = "skipped", self.died  # it never came to run: an earlier one's thread cut us off
            elif isinstance(failure, (DeadKernelError, CellTimeoutError)) or self.running.poll() is not None:
                self.died = self._why()
                status, error = "died", self.died
            elif failure is not None:
                status, error = "error", type(failure).__name__
        if not self.died:
            await self.client.settle()
            if not await self.client.answers():
                self.died = CUT_OFF if self.running.poll() is None else self._why()
                status, error = "died", self.died
        if status == "ok":
            raised = next((o for o in cell.outputs if o.output_type == "error"), None)
            if raised is not None:
                status, error = "error", f"{raised.get('ename', '')}: {raised.get('evalue', '')}"[:300]
        return CellRun(name, status, time.monotonic() - begin, error)

    async def _ends(self, task: asyncio.Future[Any], seconds: float) -> bool:
        """Wait for a cell, but no longer than its process lives. nbclient looks after that once a second only."""
        deadline = time.monotonic() + seconds
        while not task.done() and self.running.poll() is None and time.monotonic() < deadline:
            await asyncio.wait({task}, timeout=min(0.1, deadline - time.monotonic()))
        return task.done()

    def _why(self) -> str:
        """Why the process ended, for students."""
        outcome = self.running.outcome or {}
        if outcome.get("reason") == "memory":
            return f"the notebook used more memory than the {self.limits.memory_mb} MB it may use"
        if outcome.get("reason") == "disk":
            return f"the notebook wrote more than the {self.limits.disk_mb} MB of files it may keep"
        if outcome.get("reason") == "lost":
            raise SandboxError("the sandbox was lost while a cell ran")
        code = outcome.get("exit", 0)
        if code == 0:
            return "a cell ended the notebook's process (an exit call)"
        return f"the notebook's process was ended (exit code {code}): a crash, a signal, or an exit call"

    async def hand_over(self) -> None:
        """Ask the kernel to serve the judge; what it printed is sealed from here on."""
        assert self.client is not None
        assert self.client.kc is not None
        channel: Any = self.client.kc.shell_channel
        try:
            channel.send(self.client.kc.session.msg("serve_checks_request", {}))
        except zmq.Again:
            self.died = CUT_OFF
            return
        channel.socket.close(linger=2000)  # closed at once, the request could be lost on its way out
        channel.socket = None
        self.client.kc.stop_channels()

    async def stop(self) -> dict[str, Any]:
        """Kill everything. Returns the outcome (exit, reason, cpu seconds)."""
        if self.client is not None and self.client.kc is not None:
            self.client.kc.stop_channels()
        provisioner = self.manager.provisioner
        running = getattr(provisioner, "running", None)
        outcome = running.stop() if running is not None else {}
        self.context.destroy(linger=0)
        return dict(outcome)
