"""The grader's side of the zygote: start it, ask it for sandboxes, restart it when it dies."""

from __future__ import annotations

import collections
import contextlib
import json
import os
import secrets as random
import select
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.errors import SandboxError, SandboxUnavailable
from autograder.model import Limits
from autograder.sandbox import cgroup, isolate, scratch, secrets
from autograder.sandbox.backends import Backend, choose_backend
from autograder.sandbox.blame import Toll
from autograder.sandbox.job import Job
from autograder.sandbox.view import View, plan_view

_START_SECONDS = 180.0
_STARTS = 4  # of the warm process, where it is killed while it starts
# found by path, so that it starts in a checkout as well as installed, whatever the current folder holds
_START = """import sys
sys.path[0] = sys.argv[1]
from autograder.sandbox.zygote import main
sys.exit(main(sys.argv[2:]))"""


class _Killed(SandboxError):
    """The warm process was killed before it was there."""


class Running:
    """One sandbox: its supervisor's socket, the agent's control socket, its scratch folder."""

    def __init__(self, job: Job, status: socket.socket, agent: socket.socket, lock: int = -1) -> None:
        self.job, self.agent = job, agent
        self._lock = lock  # whoever holds it lives; see scratch.py
        self._status = status
        self._buffer = b""
        self.outcome: dict[str, Any] | None = None
        self.ready = False
        self.used: float | None = None
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
            self.ready = True
        elif "used" in message:
            self.used = float(message["used"])
        elif "done" in message:
            self.done += 1
        elif "failed" in message:
            raise SandboxError(str(message["failed"]))
        else:
            self.outcome = message
        return True

    def tell(self, word: str, seconds: float = 30.0) -> bool:
        """Have the supervisor `note` what the notebook has on disk, or `restore` it, and wait until that is done."""
        expected, deadline = self.done + 1, time.monotonic() + seconds
        try:
            self._status.sendall(word.encode())
            while self.outcome is None and self.done < expected and (left := deadline - time.monotonic()) > 0:
                self._read(left)
        except (OSError, SandboxError):
            return False
        return self.done >= expected

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
        if self.outcome is None or self.outcome.get("reason") == "lost":
            cgroup.sweep(self.job.name)  # whoever kept it is gone
        if self.job.uid is not None:
            scratch.remove_files_of(self.job.uid)
        scratch.remove(self.job.scratch)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
        return self.outcome or {"exit": 70, "reason": "lost"}


class Zygote:
    """A warm process and the way to fork sandboxes from it. Safe to use from several threads."""

    def __init__(
        self, sandbox: str = "auto", device: str = "cpu", secret: tuple[str, ...] = (), retrain: bool = False
    ) -> None:
        """`sandbox`: auto, namespaces, container, none; `secret`: folders no submission may see; `retrain`: tell
        notebooks to train their models rather than to load them.

        Raises SandboxUnavailable when the machine cannot do it."""
        self.backend: Backend = choose_backend(sandbox)
        self.device = device
        self.retrain = retrain
        self.toll = Toll()
        package = Path(__file__).resolve().parents[1]
        ours = [str(package)]
        if secrets.is_course(str(package.parent)):  # a checkout; an installed package lies among others
            ours.append(str(package.parent))
        self._secret = (*(os.path.abspath(s) for s in secret), *ours)
        self._of_run: tuple[str, ...] = ()
        self._view: View | None = None
        self._live: list[weakref.ref[Running]] = []
        self._abandoned = False
        self._refuse_exposed(self._secret)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self.last_words: collections.deque[str] = collections.deque(maxlen=40)

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def hide(self, *paths: str) -> None:
        """Further folders and files that no submission may see, until the next call: those of one run.

        Raises SandboxUnavailable when students could read them."""
        known = tuple(folder + os.sep for folder in self._secret)
        self._of_run = tuple(path for path in map(os.path.abspath, paths) if not path.startswith(known))
        self._refuse_exposed(self._of_run)
        self._view = None

    def _refuse_exposed(self, paths: Sequence[str]) -> None:
        """Where a user of its own is all that keeps a submission from the machine's files, they must be closed."""
        if not self.backend.uses_own_user() or "files" in self.backend.isolates:
            return
        open_to_all = secrets.exposed(paths, plan_view((), _kit_folders(), self.device).binds)
        if open_to_all:
            raise SandboxUnavailable(
                f"the sandbox {self.backend.name!r} cannot be used here: {secrets.advice(open_to_all)}"
            )

    def abandon(self) -> None:
        """End everything now: what runs is killed, and nothing starts any more."""
        self._abandoned = True
        for reference in list(self._live):
            running = reference()
            if running is not None:
                running.cut()
        if self._lock.acquire(timeout=10):
            try:
                self._drop()
            finally:
                self._lock.release()

    def start(self) -> None:
        """Import everything now rather than with the first submission. Raises SandboxError."""
        with self._lock:
            self._ensure()

    def close(self) -> None:
        """End the zygote; sandboxes that still run end with it."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = self._control = None

    def _ensure(self) -> socket.socket:
        self._refuse_abandoned()
        if self._process is not None and self._process.poll() is None and self._control is not None:
            return self._control
        self._drop()
        scratch.sweep()
        for _ in range(_STARTS - 1):
            with contextlib.suppress(_Killed):  # from outside, say for memory: by chance
                return self._start_warm()
        return self._start_warm()

    def _refuse_abandoned(self) -> None:
        if self._abandoned:
            raise SandboxError("grading was stopped")

    def _start_warm(self) -> socket.socket:
        self._refuse_abandoned()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-c", _START, str(Path(__file__).resolve().parents[2]), str(theirs.fileno())]
        try:
            with theirs:
                self._process = process = subprocess.Popen(
                    command,
                    pass_fds=[theirs.fileno()],
                    env=_environment(self.device, self.retrain),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    cwd="/",
                )
        except OSError as error:
            ours.close()
            raise SandboxError(f"the warm process could not be started: {error.strerror}") from error
        assert process.stderr is not None
        ours.settimeout(_START_SECONDS)
        late = False
        try:
            hello = ours.recv(65536)
        except OSError as error:
            hello, late = b"", isinstance(error, TimeoutError)
        if not hello:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0 if late else 5)
            died = process.poll() or 0
            process.kill()
            with process.stderr as stream:
                text = stream.read().decode(errors="replace")[-2000:]
            ours.close()
            self._drop()
            if died < 0:
                raise _Killed(f"the warm process was ended by signal {-died} while it started\n{text}".strip())
            raise SandboxError(f"the warm process did not start:\n{text}")
        threading.Thread(target=self._listen, args=(process.stderr,), daemon=True).start()
        self._control = ours
        return ours

    def _listen(self, stream: Any) -> None:
        """Keep the warm process's stderr from filling its pipe, and its last words for an error message."""
        with contextlib.suppress(OSError, ValueError), stream:
            while line := stream.readline(4096):
                self.last_words.append(line.decode(errors="replace").rstrip())

    def launch(
        self, limits: Limits, files: dict[str, bytes] | None = None, given: dict[str, bytes] | None = None
    ) -> Running:
        """Fork a sandbox with these files in its work folder; returns at once. Those `given` are the course's: student
        code can read and not change them. Raises SandboxError."""
        uid = isolate.fresh_user(Path("/proc/self/uid_map").read_text()) if self.backend.uses_own_user() else None
        apart = "files" in self.backend.isolates  # they are mounted; else they lie among the student's
        folder, lock = scratch.make(files or {}, uid, given or {}, apart)
        try:
            if self._view is None:
                self._view = plan_view((*self._secret, *self._of_run), _kit_folders(), self.device)
            view = self._view
            closed = secrets.samples((*self._secret, *self._of_run), view.binds) if self.backend.isolates else ()
            key = random.token_hex(16)
            job = Job(
                scratch.group_name(folder), self.backend.name, folder, key, uid, self.device, limits, secret=closed
            )
            running = Running(job, *self._send(job, view), lock)
        except (SandboxError, OSError) as error:
            scratch.remove(folder)
            os.close(lock)
            raise SandboxError(f"no sandbox could be started: {error}") from error
        self._live = [one for one in self._live if one() is not None] + [weakref.ref(running)]
        if self._abandoned:
            running.cut()
        return running

    def _send(self, job: Job, view: View) -> tuple[socket.socket, socket.socket]:
        """Ask for a sandbox. Returns its supervisor's socket and the agent's. Raises SandboxError, OSError."""
        message = json.dumps({"job": asdict(job), "view": asdict(view)}).encode()
        with contextlib.ExitStack() as stack:
            status, far_status = socket.socketpair()
            stack.callback(far_status.close)
            failed = stack.enter_context(contextlib.ExitStack())
            failed.callback(status.close)
            agent, far_agent = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            stack.callback(far_agent.close)
            failed.callback(agent.close)
            fds = [far_status.fileno(), far_agent.fileno()]
            with self._lock:
                self._say(message, fds)
            failed.pop_all()
        return status, agent

    def fork(self, service: str) -> socket.socket:
        """A fork of the warm process, outside every sandbox, that runs `main(descriptor)` of the module `service` of
        ours; it ends when the socket that comes back is closed. Raises SandboxError."""
        ours, theirs = socket.socketpair()
        try:
            with theirs, self._lock:
                self._say(json.dumps({"service": service}).encode(), [theirs.fileno()])
        except (SandboxError, OSError) as error:
            ours.close()
            raise SandboxError(f"no process could be started: {error}") from error
        return ours

    def _say(self, message: bytes, fds: list[int]) -> None:
        try:
            socket.send_fds(self._ensure(), [message], fds)
        except OSError:  # it died since: a fresh one
            self._drop()
            socket.send_fds(self._ensure(), [message], fds)


def _environment(device: str, retrain: bool) -> dict[str, str]:
    """What every submission sees: nothing of ours, one thread, no internet."""
    env = {
        "PATH": f"{os.path.dirname(sys.executable)}:/usr/local/bin:/usr/bin:/bin",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
        # read by seq2kit.checkpoints
        "SEQ2GRADE_GRADING": "train" if retrain else "load",
    }
    env |= dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    if device == "cuda":
        env |= {k: v for k, v in os.environ.items() if k.startswith(("CUDA", "NVIDIA", "LD_LIBRARY"))}
    else:
        env["CUDA_VISIBLE_DEVICES"] = ""
    return env


def _kit_folders() -> tuple[str, ...]:
    """Where the students' kit is installed, if it is (it may lie beside the grader's own code)."""
    from importlib.util import find_spec

    spec = find_spec("seq2kit")
    if spec is None or not spec.submodule_search_locations:
        return ()
    return (os.path.dirname(os.path.realpath(next(iter(spec.submodule_search_locations)))),)
