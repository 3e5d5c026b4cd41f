"""One sandbox that runs, from the grader's side: what it says, what it costs, and how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import time
from dataclasses import dataclass
from typing import Any

from autograder.errors import SandboxError
from autograder.sandbox import cgroup, scratch
from autograder.sandbox.job import Job
from autograder.sandbox.slices import Slice, Slices, held_by_others
from autograder.starved import Patience, Starved

_ENDING = 5.0  # seconds that it may take until a process that closed its connections is known to have ended


@dataclass
class Held:
    """A GPU, or a slice of one, that a sandbox has to itself."""

    slices: Slices
    slice: Slice
    lock: int

    def give_back(self) -> None:
        """The next one may have it. Once."""
        if self.lock >= 0:
            self.slices.give_back(self.slice, self.lock)
            self.lock = -1


class Running:
    """One sandbox: its supervisor's socket, the agent's control socket, its scratch folder. `gpu`: the one that it has
    to itself until it is stopped. `supervisor`: the process above all of the submission's, once that is `ready`;
    `bounded`: whether the kernel keeps every limit, and none has to be looked after; `starved`: what those waited for
    in vain."""

    def __init__(
        self, job: Job, status: socket.socket, agent: socket.socket, lock: int = -1, gpu: Held | None = None
    ) -> None:
        self.job, self.agent, self.gpu = job, agent, gpu
        self._lock = lock  # whoever holds it lives; see scratch.py
        self._status = status
        self._buffer = b""
        self.outcome: dict[str, Any] | None = None
        self.ready, self.supervisor, self.bounded = False, 0, True
        self.starved: Starved | None = None
        self.used: float | None = None
        self.watch = 0.0
        self.done = 0

    @property
    def sockets(self) -> str:
        """Prefix of the kernel's sockets as the grader sees them."""
        return os.path.join(self.job.scratch, "ipc", "k")

    def fileno(self) -> int:
        """Readable when there may be news for `poll`; -1 once stopped."""
        return self._status.fileno()

    def wait_ready(self, seconds: float) -> None:
        """Until the kernel listens. Raises SandboxError when it does not come up."""
        deadline = time.monotonic() + seconds
        while not self.ready and self.outcome is None:
            left = deadline - time.monotonic()
            if left <= 0 or not self._read(left):
                raise SandboxError("the sandboxed kernel did not start in time")
        if not self.ready:
            raise SandboxError(f"the sandboxed kernel did not start: {self.outcome}")

    def poll(self) -> int | None:
        """Exit code once the submission's processes have ended, else None."""
        while self.outcome is None and self._read(0.0):
            pass
        return None if self.outcome is None else int(self.outcome.get("exit", 70))

    def ends(self) -> bool:
        """Whether the submission has ended or is about to: to be asked when it takes nothing any more. A process that
        ends closes its connections first; only then do those above it learn of its end, each when it has its turn.
        Raises SandboxError when nobody tells."""
        patience, seconds = Patience(self.starved, _ENDING), _ENDING
        while self.outcome is None and seconds > 0:
            if not self._read(seconds):
                seconds = patience.more()
        if not self.tell("look") and self.poll() is None:  # who answers has had its turn
            raise SandboxError("the supervisor does not say whether its submission lives")
        return self.poll() is not None

    def cpu_so_far(self, seconds: float = 10.0) -> float:
        """CPU seconds of the submission's processes until now, as seen from outside; 0 when they have ended. Raises
        SandboxError when nobody answers."""
        self.used, deadline = None, time.monotonic() + seconds
        with contextlib.suppress(OSError):
            self._status.sendall(b"used")
            while self.used is None and self.outcome is None:
                if not self._read(deadline - time.monotonic()):
                    raise SandboxError("the supervisor does not say what its submission uses")
        return self.used or 0.0

    def cpu_with_watch(self) -> float:
        """The same, with what building the sandbox and watching it took."""
        return self.cpu_so_far() + self.watch

    def _read(self, seconds: float) -> bool:
        """Take in one message; False when none came."""
        while b"\n" not in self._buffer:
            readable, _, _ = select.select([self._status], [], [], max(0.0, seconds))
            if not readable:
                return False
            data = self._status.recv(65536)
            if not data:
                self.outcome = self.outcome or {"exit": 70, "reason": "lost"}
                return True
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        message = json.loads(line)
        if "ready" in message:
            self.ready, self.supervisor, self.bounded = True, int(message["ready"]), bool(message["bounded"])
            self.starved = Starved(self.supervisor)
        elif "used" in message:
            self.used, self.watch = float(message["used"]), float(message["watch"])
        elif "done" in message:
            self.done += 1
        elif "failed" in message:
            raise SandboxError(str(message["failed"]))
        else:
            self.outcome = message
        return True

    def looked(self) -> bool:
        """Whether the submission lives on after a look at what it uses, where nothing but looking enforces a limit."""
        return self.bounded or self.tell("look") or self.poll() is None

    def tell(self, word: str, seconds: float = 30.0) -> bool:
        """Have the supervisor `note` what the notebook has on disk, `restore` it, or `look` at what it uses, and wait
        until that is done. Returns whether it was."""
        expected, deadline = self.done + 1, time.monotonic() + seconds
        try:
            self._status.sendall(word.encode())
            while self.outcome is None and self.done < expected and (left := deadline - time.monotonic()) > 0:
                self._read(left)
        except (OSError, SandboxError):
            return False
        return self.done >= expected

    def crowded(self) -> str:
        """Whether somebody else holds memory of its GPU, in words for the instructor; "" when nobody is known to."""
        held = held_by_others(self.gpu.slice) if self.gpu is not None else 0
        return f"other processes held {held} MB of the GPU's memory" if held else ""

    def cut(self) -> None:
        """Have everything killed now, from whatever thread; whoever uses the sandbox sees it end, and cleans up."""
        with contextlib.suppress(OSError):
            self._status.shutdown(socket.SHUT_WR)

    def stop(self) -> dict[str, Any]:
        """Kill everything that is left and remove the scratch folder. Returns the outcome (exit, reason, cpu)."""
        self.cut()
        deadline = time.monotonic() + 10
        with contextlib.suppress(SandboxError, OSError):
            while self.outcome is None and time.monotonic() < deadline:
                self._read(deadline - time.monotonic())
        self._status.close()
        self.agent.close()
        # The warm process removes the group, unless it was killed; then only the folder's name tells that there is one.
        gone = cgroup.sweep(self.job.name, grace=0.2)
        if self.job.uid is not None:
            scratch.remove_files_of(self.job.uid)
        if gone:
            scratch.remove(self.job.scratch)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
        if self.gpu is not None:
            self.gpu.give_back()
            self.gpu = None
        return self.outcome or {"exit": 70, "reason": "lost"}
