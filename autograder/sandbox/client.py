"""The grader's side of the zygote: start it, ask it for sandboxes, restart it when it dies."""

from __future__ import annotations

import collections
import contextlib
import json
import os
import runpy
import secrets as random
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.errors import SandboxError, SandboxUnavailable
from autograder.model import Limits
from autograder.sandbox import isolate, scratch, secrets
from autograder.sandbox.backends import Backend, choose_backend
from autograder.sandbox.blame import Toll
from autograder.sandbox.job import Job
from autograder.sandbox.preload import everything
from autograder.sandbox.running import Held, Running
from autograder.sandbox.slices import Slices, find_slices
from autograder.sandbox.view import View, plan_view, with_gpu

_START_SECONDS = 180.0
_STARTS = 4  # of the warm process, where it is killed while it starts
# found by path, so that it starts in a checkout as well as installed, whatever the current folder holds
_START = """import sys
sys.path[0] = sys.argv[1]
from autograder.sandbox.zygote import main
sys.exit(main(sys.argv[2:]))"""


class _Killed(SandboxError):
    """The warm process was killed before it was there."""


class Zygote:
    """A warm process and the way to fork sandboxes from it. Safe to use from several threads."""

    def __init__(
        self, sandbox: str = "auto", device: str = "cpu", secret: tuple[str, ...] = (), retrain: bool = False,
        forks: bool = True, modules: Sequence[str] | None = None, expected: int = 0,
    ) -> None:  # fmt: skip
        """`sandbox`: auto, namespaces, container, none; `secret`: folders no submission may see; `retrain`: tell
        notebooks to train their models rather than to load them; `forks`: let forks of a finished notebook serve
        checks. With CUDA they cannot: a fork of a process that uses it can do nothing with it; `modules`: what to
        import before the forks (see preload), None for all that a notebook might want; `expected`: how many submissions
        are to come, where that is known: what pays for many only is not done for a few.

        Raises SandboxUnavailable when the machine cannot do it."""
        self.backend: Backend = choose_backend(sandbox)
        self.device = device
        self.retrain = retrain
        self.forks = forks and device == "cpu"
        self.toll = Toll()
        package = Path(__file__).resolve().parents[1]
        ours = [str(package)]
        if secrets.is_course(str(package.parent)):  # a checkout; an installed package lies among others
            ours.append(str(package.parent))
        self._secret = (*(os.path.abspath(s) for s in secret), *ours)
        self._modules, self._expected = modules, expected
        self._models: tuple[str, ...] = ()
        self._of_run: tuple[str, ...] = ()
        self._view: View | None = None
        self._slices: Slices | None = None
        self._live: list[weakref.ref[Running]] = []
        self._abandoned = self._closing = False
        self._starting: subprocess.Popen[bytes] | None = None
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

    @property
    def hidden(self) -> tuple[str, ...]:
        """What the last call of `hide` named, made absolute, and does not lie in the course."""
        return self._of_run

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

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds of the warm process itself so far: of its imports, and of forking. 0 where nobody tells."""
        with contextlib.suppress(OSError, IndexError, ValueError):
            if self._process is not None:
                fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
                return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return 0.0

    @property
    def slices(self) -> Slices | None:
        """The GPUs, of which each submission gets one; None where all compute on the CPU."""
        with self._lock:
            if self.device == "cuda" and self._slices is None:
                self._slices = Slices(find_slices(os.environ.get("CUDA_VISIBLE_DEVICES")))
            return self._slices

    def open_models(self, names: Sequence[str]) -> None:
        """Open language models of the kit once, for every fork from now on; returns when they are there. Raises
        SandboxError."""
        with self._lock:
            fresh = tuple(name for name in names if name not in self._models)
            self._models += fresh
            if not fresh or self._process is None:
                return  # it opens them when it starts
            ours, theirs = socket.socketpair()
            try:
                with ours:
                    with theirs:
                        self._say(json.dumps({"models": fresh}).encode(), [theirs.fileno()])
                    ours.settimeout(_START_SECONDS)
                    ours.recv(1)
            except OSError as error:
                raise SandboxError(f"{', '.join(fresh)} could not be opened: {error}") from error

    def start(self) -> None:
        """Import everything now rather than with the first submission. Raises SandboxError."""
        with self._lock:
            self._ensure()

    def begin(self) -> None:
        """The same in the background: who needs it first waits for it, and hears of what went wrong."""
        self._lock.acquire()  # here, so that no `close` comes before it

        def work() -> None:
            try:
                with contextlib.suppress(SandboxError):
                    self._ensure()
            finally:
                self._lock.release()

        try:
            threading.Thread(target=work, name="warm", daemon=True).start()
        except RuntimeError:  # no room for another thread: it is started when it is needed
            self._lock.release()

    def close(self) -> None:
        """End the zygote; sandboxes that still run end with it. One that only starts is not waited for."""
        self._closing = True
        if (starting := self._starting) is not None:
            starting.kill()
        with self._lock:
            self._drop()
            self._closing = False

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
        if self._abandoned or self._closing:
            raise SandboxError("grading was stopped")

    def _start_warm(self) -> socket.socket:
        self._refuse_abandoned()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-c", _START, str(Path(__file__).resolve().parents[2]), str(theirs.fileno())]
        modules = everything() if self._modules is None else self._modules
        command += [",".join(modules), str(self._expected), *self._models]
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
        late, self._starting = False, process
        try:
            hello = ours.recv(65536)
        except OSError as error:
            hello, late = b"", isinstance(error, TimeoutError)
        finally:
            self._starting = None
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
        code can read and not change them. Waits until a GPU is free, where it gets one. Raises SandboxError."""
        slices = self.slices
        gpu = Held(slices, *slices.take(lambda: self._abandoned)) if slices is not None else None
        try:
            return self._launch(limits, files, given, gpu)
        except BaseException:
            if gpu is not None:
                gpu.give_back()
            raise

    def _launch(
        self, limits: Limits, files: dict[str, bytes] | None, given: dict[str, bytes] | None, gpu: Held | None
    ) -> Running:
        uid = isolate.fresh_user(Path("/proc/self/uid_map").read_text()) if self.backend.uses_own_user() else None
        apart = "files" in self.backend.isolates  # they are mounted; else they lie among the student's
        folder, lock = scratch.make(files or {}, uid, given or {}, apart)
        try:
            if self._view is None or not self._view.stands():
                self._view = plan_view((*self._secret, *self._of_run), _kit_folders(), self.device)
            view = self._view if gpu is None else with_gpu(self._view, gpu.slice.nodes)
            closed = secrets.samples((*self._secret, *self._of_run), view.binds) if self.backend.isolates else ()
            key = random.token_hex(16)
            job = Job(
                scratch.group_name(folder), self.backend.name, folder, key, uid, self.device, limits, closed,
                forks=self.forks, gpu=gpu.slice.name if gpu is not None else "",
            )  # fmt: skip
            running = Running(job, *self._send(job, view), lock, gpu)
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
        # A fork copies a page table: in large pages, where the machine has them, that takes a fifth less time.
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        # read by seq2kit.checkpoints
        "SEQ2GRADE_GRADING": "train" if retrain else "load",
        # read by seq2kit.llm.kept: models that our user has unpacked
        "SEQ2KIT_CACHE": _kit_cache(),
    }
    env |= dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    if device == "cuda":
        env |= {k: v for k, v in os.environ.items() if k.startswith(("CUDA", "NVIDIA", "LD_LIBRARY"))}
    else:
        env["CUDA_VISIBLE_DEVICES"] = ""
    return env


def _kit_cache() -> str:
    """Where the kit keeps what it unpacked, for who runs the grader: the warm process has another home. The one file
    that knows is run by itself: the kit's packages bring torch along, which the grader does without."""
    with contextlib.suppress(OSError, RuntimeError):
        for folder in _kit_folders():
            return str(runpy.run_path(os.path.join(folder, "llm", "kept.py"))["cache_folder"]().absolute())
    return ""


def _kit_folders() -> tuple[str, ...]:
    """Where the students' kit is installed, if it is (it may lie beside the grader's own code)."""
    from importlib.util import find_spec

    spec = find_spec("seq2kit")
    if spec is None or not spec.submodule_search_locations:
        return ()
    return (os.path.dirname(os.path.realpath(next(iter(spec.submodule_search_locations)))),)
