"""The grader's side of the zygote: start it, ask it for sandboxes, restart it when it dies."""

from __future__ import annotations

import collections
import contextlib
import json
import os
import secrets
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.errors import SandboxError
from autograder.model import Limits
from autograder.sandbox import cgroup
from autograder.sandbox.backends import Backend, choose_backend
from autograder.sandbox.job import Job
from autograder.sandbox.view import plan_view

_START_SECONDS = 180.0
# found by path, so that it starts in a checkout as well as installed, whatever the current folder holds
_START = """import sys
sys.path[0] = sys.argv[1]
from autograder.sandbox.zygote import main
sys.exit(main(sys.argv[2:]))"""


class Running:
    """One sandbox: its supervisor's socket, the agent's control socket, its scratch folder."""

    def __init__(self, job: Job, status: socket.socket, agent: socket.socket) -> None:
        self.job, self.agent = job, agent
        self._status = status
        self._buffer = b""
        self.outcome: dict[str, Any] | None = None
        self.ready = False

    @property
    def sockets(self) -> str:
        """Prefix of the kernel's sockets as the grader sees them."""
        return os.path.join(self.job.scratch, "ipc", "k")

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
        elif "failed" in message:
            raise SandboxError(str(message["failed"]))
        else:
            self.outcome = message
        return True

    def stop(self) -> dict[str, Any]:
        """Kill everything that is left and remove the scratch folder. Returns the outcome (exit, reason, cpu)."""
        with contextlib.suppress(OSError):
            self._status.shutdown(socket.SHUT_WR)
        deadline = time.monotonic() + 10
        with contextlib.suppress(SandboxError, OSError):
            while self.outcome is None and time.monotonic() < deadline:
                self._read(deadline - time.monotonic())
        self._status.close()
        self.agent.close()
        if self.outcome is None or self.outcome.get("reason") == "lost":
            cgroup.sweep(self.job.name)  # whoever kept it is gone
        if self.job.uid is not None:
            _remove_files_of(self.job.uid)
        _remove(self.job.scratch)
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
        package = Path(__file__).resolve().parents[1]
        self._secret = (*(os.path.abspath(s) for s in secret), str(package), str(package.parent))
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self.last_words: collections.deque[str] = collections.deque(maxlen=40)

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
        if self._process is not None and self._process.poll() is None and self._control is not None:
            return self._control
        self._drop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-c", _START, str(Path(__file__).resolve().parents[2]), str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                env=_environment(self.device, self.retrain),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd="/",
            )
        ours.settimeout(_START_SECONDS)
        try:
            hello = ours.recv(65536)
        except TimeoutError:
            hello = b""
        if not hello:
            self._process.kill()
            assert self._process.stderr is not None
            with self._process.stderr as stream:
                text = stream.read().decode(errors="replace")[-2000:]
            ours.close()
            self._drop()
            raise SandboxError(f"the warm process did not start:\n{text}")
        assert self._process.stderr is not None
        threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True).start()
        self._control = ours
        return ours

    def _listen(self, stream: Any) -> None:
        """Keep the warm process's stderr from filling its pipe, and its last words for an error message."""
        with contextlib.suppress(OSError, ValueError), stream:
            while line := stream.readline(4096):
                self.last_words.append(line.decode(errors="replace").rstrip())

    def launch(self, limits: Limits, files: dict[str, bytes] | None = None) -> Running:
        """Fork a sandbox with these files in its work folder; returns at once. Raises SandboxError."""
        uid = 2**30 + secrets.randbelow(2**29) if self.backend.uses_own_user() else None
        scratch = _scratch(files or {}, uid)
        name = f"seq2grade-{os.path.basename(scratch)}"
        job = Job(name, self.backend.name, scratch, secrets.token_hex(16), uid, self.device, limits)
        status, far_status = socket.socketpair()
        agent, far_agent = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        view = plan_view(self._secret, _kit_folders(), self.device)
        message = json.dumps({"job": asdict(job), "view": asdict(view)}).encode()
        fds = [far_status.fileno(), far_agent.fileno()]
        try:
            with far_status, far_agent, self._lock:
                try:
                    socket.send_fds(self._ensure(), [message], fds)
                except OSError:  # it died since: a fresh one
                    self._drop()
                    socket.send_fds(self._ensure(), [message], fds)
        except (SandboxError, OSError) as error:
            status.close()
            agent.close()
            _remove(scratch)
            raise SandboxError(f"no sandbox could be started: {error}") from error
        return Running(job, status, agent)


def _remove(scratch: str) -> None:
    """Delete a scratch folder, unless something is mounted below it: the mounts of a sandbox live in its own
    namespace, and deleting through one that leaked out would delete what is mounted there, say Python itself."""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
        mounts = [line.split()[4] for line in file]
    if not any(point.startswith(scratch.rstrip("/") + "/") for point in mounts):
        shutil.rmtree(scratch, ignore_errors=True)


def _remove_files_of(uid: int) -> None:
    """What a submission's own user left in folders that everybody may write to. With mounts of its own: nothing."""
    for folder in {"/tmp", "/var/tmp", "/dev/shm", tempfile.gettempdir()}:
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.stat(follow_symlinks=False).st_uid != uid:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    os.unlink(entry.path)


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


def _scratch(files: dict[str, bytes], uid: int | None) -> str:
    """A private folder with `ipc/` and `files/`. Socket paths must stay under 108 bytes, hence /tmp."""
    base = tempfile.gettempdir()
    scratch = tempfile.mkdtemp(prefix="s2g-", dir=base if len(base) < 60 else "/tmp")
    os.chmod(scratch, 0o711)
    for name in ("ipc", "files", "tmp", "root"):
        os.mkdir(os.path.join(scratch, name), 0o700)
    for name, data in files.items():
        path = os.path.normpath(os.path.join(scratch, "files", name))
        if not path.startswith(os.path.join(scratch, "files") + os.sep):
            raise SandboxError(f"refused file name {name!r}")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        Path(path).write_bytes(data)
    if uid is not None:
        for folder, _, names in os.walk(scratch):
            for path in (folder, *(os.path.join(folder, n) for n in names)):
                if path != scratch:
                    os.chown(path, uid, uid)
    return scratch
