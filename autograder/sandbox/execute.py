"""Runs a notebook's cells in a sandboxed kernel, within limits on time and output."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import nbformat

from autograder.errors import SandboxError
from autograder.model import CellRun, Limits
from autograder.sandbox.client import Zygote
from autograder.sandbox.outputs import WHOLE, CellOutputs, counted
from autograder.sandbox.running import Running
from autograder.sandbox.talk import Clock, Message, Talk
from autograder.sandbox.zmtp import LineBroken
from autograder.starved import Patience

Progress = Callable[[int, int], None]
_STUBBORN = "a cell ran past its time limit and ignored the request to stop"
CUT_OFF = "the notebook's process took no further cell: a cell cut its connections or left something running in it"
ASKED_TO_EXIT = "this cell asked to end the notebook (an exit call); the cells after it were run all the same"
FLOODED = "stopped: it went on printing far more than a cell may"
NO_REPLY = "the notebook's process gave no proper answer when this cell had run"
_STARTING = 60.0  # seconds that a kernel may take until it answers
_GRACE = 5.0  # how long an interrupted cell may take to stop
_AGAIN = (1.5, 1.5)  # it is interrupted once more after so many seconds, and again
_SETTLING = 2.0  # how long the kernel may take to say that it has taken an interrupt, or to deliver what was printed
_ANSWERING = 15.0  # how long it may take, between two cells, to say that it still listens
# What a kernel that keeps to its own limit never sends in one cell: so many bytes for each character that it may print,
# and a few more (an error is always shown); or so many messages. In all cells together: so many times as much.
_FLOOD, _FLOOD_BASE, _MESSAGES, _FLOODS = 8, 2**18, 30_000, 8


@dataclass
class _Asked:
    """One request and what has come back for it so far."""

    id: str
    outputs: CellOutputs | None = None
    reply: Message | None = None
    idle: bool = False
    count: int | None = None
    settling: bool = False  # one of the two that end it has come, the other one is awaited for a moment
    brief: bool = False  # nothing comes but the reply

    def take(self, message: Message) -> None:
        """Take in what came back for it."""
        if message.channel != "iopub":
            self.reply = self.reply or message
        elif message.kind == "status":
            self.idle = self.idle or message.content.get("execution_state") == "idle"
        elif self.outputs is not None:
            if message.kind == "":
                self.outputs.cut = True
            self.count = self.count or counted(message.content.get("execution_count"))
            self.outputs.take(message.kind, message.content)


class KernelRun:
    """One sandboxed kernel and the cells it ran. `died`: "" or why the process ended; `late`: "" or why the
    last cells did not run. Both are safe for students."""

    def __init__(
        self, zygote: Zygote, limits: Limits, files: dict[str, bytes], given: dict[str, bytes] | None = None
    ) -> None:
        """Fork the sandbox with the student's files and those of the course. Raises SandboxError."""
        self.limits = limits
        self.clock = Clock()
        self.died = self.late = ""
        self._room = limits.output_kb * 1024  # of the kernel; twice as much is taken in here
        self._left = 2 * WHOLE * self._room
        self._before, self._deaf = (0, 0), False
        self._displays: dict[str, Any] = {}
        self._talk: Talk | None = None
        self.running: Running = zygote.launch(limits, files, given)

    def wait(self) -> None:
        """Until the sandbox is built and a kernel listens in it. Raises SandboxError."""
        self.running.wait_ready(_STARTING)

    def start(self) -> None:
        """Wait for the kernel and connect. Raises SandboxError."""
        self.wait()
        try:
            self._talk = Talk(self.running, 8 * self._room + 2**18)
        except LineBroken as error:
            raise SandboxError(f"no connection to the sandboxed kernel: {error}") from error
        self.clock = self._talk.clock
        end = self.clock.now + _STARTING
        while self.clock.now < end and self.running.poll() is None:
            # what is published before we are listened to is lost: ask until both answers come
            asked = self._send("shell", "kernel_info_request", {})
            if asked is None:
                break
            if self._wait(asked, 1.0) and asked.idle:
                return
        raise SandboxError("no connection to the sandboxed kernel: it does not answer")

    def run_cells(
        self, notebook: Any, skip: frozenset[int], seconds: float, progress: Progress | None = None
    ) -> list[CellRun]:
        """Run every code cell but those in `skip`, in order, until the process ends or time is up."""
        deadline = self.clock.now + seconds
        done: list[CellRun] = []
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            name = str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id", index))[:200]
            cell.outputs = []
            if index in skip or self.died or not cell.source.strip():
                done.append(CellRun(name, "skipped", 0.0))
                continue
            if progress is not None:
                progress(index, len(notebook.cells))
            done.append(self._run_cell(cell, name, deadline))
        return done

    def _run_cell(self, cell: Any, name: str, deadline: float) -> CellRun:
        assert self._talk is not None
        self.clock.restart()
        begin, self._before = self.clock.now, (self._talk.received, self._talk.heard)
        seconds = min(self.limits.cell_seconds, deadline - begin)
        if seconds <= 0:
            self.late = "the notebook as a whole took longer than its time limit"
            return CellRun(name, "skipped", 0.0, self.late)
        request = {"code": cell.source, "silent": False, "store_history": True, "user_expressions": {}}
        asked = self._send("shell", "execute_request", request | {"allow_stdin": False, "stop_on_error": False})
        if asked is None:  # it never came to run: an earlier one cut us off
            self.died = self._cut_off()
            return CellRun(name, "skipped", 0.0, self.died)
        asked.outputs = CellOutputs(min(2 * self._room, self._left), self._displays)
        status, error = self._outcome(asked, seconds)
        said = asked.reply is not None and asked.reply.content.get("cut") is True
        cell.outputs = asked.outputs.finish(said)
        if error == ASKED_TO_EXIT:
            cell.outputs.append(nbformat.v4.new_output("stream", name="stderr", text=f"[{ASKED_TO_EXIT}]\n"))
        reply = asked.reply.content if asked.reply is not None else {}
        cell.execution_count = asked.count or counted(reply.get("execution_count"))
        self._left = max(0, self._left - asked.outputs.used)
        if status == "ok" or error == _NAMELESS:
            raised = next((o for o in cell.outputs if o.output_type == "error"), None)
            if raised is not None:
                status, error = "error", f"{raised.ename}: {raised.evalue}"[:300]
        return CellRun(name, status, self.clock.now - begin, error, cut=said or asked.outputs.cut)

    def _outcome(self, asked: _Asked, seconds: float) -> tuple[str, str]:
        """Wait for a cell. Returns its status and why; a process that has come to its end leaves that in `died`."""
        status, error = "", ""
        finished = self._wait(asked, seconds)
        if not finished and self.running.poll() is None and not self._flooding():
            status, error = "timeout", f"stopped after {seconds:.0f} s"
            finished = self._stop(asked)
        if self.running.poll() is not None:
            self.died = self._why()
        elif self._flooding():
            self.died = FLOODED
        elif not finished:
            self.died = _STUBBORN
        elif not self._answers():
            self.died = self._cut_off()
        elif not self.running.looked():  # now: later another cell would be blamed, or a check lost
            self.died = self._why()
        if self.died:
            return "died", self.died
        return (status, error) if status else _replied(asked)

    def _send(self, channel: str, kind: str, content: dict[str, Any]) -> _Asked | None:
        """Ask the kernel something; None when it takes nothing any more."""
        assert self._talk is not None
        try:
            return _Asked(self._talk.ask(channel, kind, content))
        except LineBroken:
            return None

    def _wait(self, asked: _Asked, seconds: float, *others: _Asked) -> bool:
        """Until a request is answered and what it printed has come, for so many seconds at most and no longer than
        the process lives or keeps to what it may send. Those in which others kept it from running do not count. What
        comes for `others` meanwhile is taken in too. Returns whether it was answered."""
        patience = Patience(self.running.starved, seconds)
        try:
            return self._answered(asked, seconds, patience, *others)
        finally:
            self.clock.leave_out(patience.excused)

    def _answered(self, asked: _Asked, seconds: float, patience: Patience, *others: _Asked) -> bool:
        end = self.clock.now + seconds
        while self.running.poll() is None and not self._flooding():
            if asked.reply is not None and (asked.idle or asked.brief):
                return True
            if (asked.reply is not None or asked.idle) and not asked.settling:
                asked.settling = True
                end = self.clock.now + (0.1 if self._deaf else _SETTLING)
            if self.clock.now >= end:
                if not (more := patience.more()):
                    break
                end += more
            self._hear(asked, *others)
        self._deaf = self._deaf or (asked.reply is not None and self.running.poll() is None)
        return asked.reply is not None or asked.idle

    def _hear(self, *asked: _Asked) -> None:
        """Take in what comes within a moment for these requests; anything else is thrown away."""
        assert self._talk is not None
        by_id = {one.id: one for one in asked}
        for message in self._talk.hear(*by_id):
            by_id[message.parent].take(message)

    def _flooding(self) -> bool:
        """Whether the process sends what no kernel sends that keeps to its own limit."""
        assert self._talk is not None
        size, number = _FLOOD * self._room + _FLOOD_BASE, _MESSAGES
        received, heard = self._talk.received, self._talk.heard
        if received > _FLOODS * WHOLE * size or heard > _FLOODS * number:
            return True
        return received - self._before[0] > size or heard - self._before[1] > number

    def _stop(self, asked: _Asked) -> bool:
        """Interrupt a cell, and again while it goes on: an interrupt is lost that comes before the cell's code has
        begun, or inside a finalizer. None follows one that is not known to have been taken, which is waited for a
        while: it would stop the next cell. Returns whether the cell has ended."""
        interrupt: _Asked | None = None
        for seconds in (*_AGAIN, 0.0):
            if interrupt is None or interrupt.reply is not None:
                interrupt = self._send("control", "interrupt_request", {})
            if interrupt is None:
                break
            self._wait(interrupt, _SETTLING, asked)
            if self._answered(asked, seconds, Patience(None, seconds), interrupt):
                return True
        return self._wait(asked, _GRACE)

    def _answers(self) -> bool:
        """Whether the kernel still takes requests where cells come in. A cell that cut that connection is found out
        here; else the next one would be taken for it."""
        asked = self._send("shell", "listens_request", {})
        if asked is None:
            return False
        asked.brief = True
        return self._wait(asked, _ANSWERING)

    def _cut_off(self) -> str:
        """Why nothing is taken any more, for students. Raises SandboxError when that was no cell's doing."""
        begin = time.monotonic()
        ended = self.running.ends()
        self.clock.now += time.monotonic() - begin
        return self._why() if ended else CUT_OFF

    def _why(self) -> str:
        """Why the process ended, for students. Raises SandboxError when that was no cell's doing."""
        outcome = self.running.outcome or {}
        if outcome.get("reason") == "memory":
            return f"the notebook used more memory than the {self.limits.memory_mb} MB it may use"
        if outcome.get("reason") == "disk":
            return f"the notebook wrote more than the {self.limits.disk_mb} MB of files it may keep"
        if outcome.get("reason"):
            raise SandboxError(f"the sandbox was lost while a cell ran ({outcome['reason']})")
        code = outcome.get("exit", 0)
        if code == 0:
            return "a cell ended the notebook's process (an exit call)"
        return f"the notebook's process was ended (exit code {code}): a crash, a signal, or an exit call"

    @property
    def killed(self) -> bool:
        """Whether a signal ended the process: a cell may have done that, or somebody outside."""
        outcome = self.running.outcome or {}
        code = int(outcome.get("exit", 0))
        return not outcome.get("reason") and (code < 0 or code > 128)

    def hand_over(self) -> None:
        """Ask the kernel to serve the judge; what it printed is sealed from here on."""
        if self._send("shell", "serve_checks_request", {}) is None:
            self.died = self._cut_off()
        self._hang_up()

    def _hang_up(self) -> None:
        if self._talk is not None:
            self._talk.close()

    def stop(self) -> float:
        """Kill everything. Returns the CPU seconds it took."""
        self._hang_up()
        return float(self.running.stop().get("cpu", 0.0))


_NAMELESS = "NoneType: None"  # what the kernel says of a result that raised as it was to be shown


def _replied(asked: _Asked) -> tuple[str, str]:
    """What the reply says about a cell. It decides, not what was printed: some errors only print a line."""
    content = asked.reply.content if asked.reply is not None else {}
    if content.get("asked_to_exit") is True:
        return "died", ASKED_TO_EXIT
    if content.get("status") == "ok":
        return "ok", ""
    name, text = content.get("ename"), content.get("evalue")
    if content.get("status") == "error" and isinstance(name, str) and isinstance(text, str):
        return "error", f"{name}: {text}"[:300]
    return "error", NO_REPLY
