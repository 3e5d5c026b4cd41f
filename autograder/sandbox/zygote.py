"""A process that has imported all that is heavy once; each submission is a fork of it.

`main([FD, MODULES, EXPECTED, MODEL...])`: MODULES is what to import beside what every kernel needs, with commas between
(see preload); EXPECTED is how many submissions are to come, 0 where nobody knows; FD is a SOCK_SEQPACKET socket. A
message is
{"job": ..., "view": ...} with two descriptors: the supervisor's status socket and the agent's control socket; or
{"service": module} with one, for a process of ours that wants the same imports (the judge); or {"models": [...]} with
one, which is closed once these language models of the kit are open, for all forks from then on. No assignment, no test
and no secret is ever loaded here.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Sequence

from autograder.sandbox import cgroup
from autograder.sandbox.hugepages import collapse
from autograder.sandbox.job import WORK, Job
from autograder.sandbox.preload import preload
from autograder.sandbox.view import View

_MANY = 100  # submissions, by which putting memory together in large pages gains the half second that it takes
_END_SECONDS = 8.0  # for what was killed to be gone; less than the grader waits for this process


def open_models(names: Sequence[str], expected: int) -> None:
    """Open language models of the kit, so that forks have them at once and share their memory. What cannot be opened
    here is left to the notebook that asks for it, and to the sentence it then gets."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            with contextlib.suppress(Exception):
                importlib.import_module("seq2kit.llm.sources").load(name)
    gc.collect()
    gc.freeze()
    if expected == 0 or expected >= _MANY:
        collapse()


class _Zygote:
    def __init__(self, control: socket.socket, expected: int) -> None:
        self.control, self.expected = control, expected
        self.running: dict[int, cgroup.Group] = {}
        self.leaving: list[cgroup.Group] = []  # their processes are killed and have not all ended
        self.services: set[int] = set()
        self.wake = socket.socketpair()

    def serve(self) -> None:
        """Until the far side hangs up; then wait for what still runs (each ends with its own socket)."""
        self._serve()
        deadline = time.monotonic() + 5
        while self.running and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.01)
        for pid in self.running:
            os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + _END_SECONDS
        while self.running or (self.leaving and time.monotonic() < deadline):
            self._reap()
            time.sleep(0.01)

    def _serve(self) -> None:
        wake, alarm = self.wake
        alarm.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(alarm.fileno(), warn_on_full_buffer=False)
        while True:
            readable, _, _ = select.select([self.control, wake], [], [], 0.02 if self.leaving else None)
            if wake in readable:
                wake.recv(4096)
            self._reap()
            if self.control not in readable:
                continue
            try:
                data, fds, _, _ = socket.recv_fds(self.control, 1 << 18, 2)
            except OSError:
                return
            if not data:
                return
            self._start(data, fds)

    def _start(self, data: bytes, fds: list[int]) -> None:
        message = json.loads(data)
        if "models" in message:
            open_models(message["models"], self.expected)
            os.close(fds[0])
            return
        if "service" in message:
            self._start_service(message["service"], fds[0])
            return
        status, agent = (socket.socket(fileno=fd) for fd in fds)
        job = Job.load(json.dumps(message["job"]).encode())
        view = View.load(message["view"])
        group = cgroup.create(job.name, job.memory, job.limits.processes)
        try:
            pid = os.fork()
        except OSError:  # no room for another process: the grader sees its sockets close, and tries again
            group.remove()
            status.close()
            agent.close()
            return
        if pid == 0:
            try:
                self._become(job, view, group, status, agent)
            except BaseException:
                traceback.print_exc()  # the grader keeps the last lines of stderr for its error message
            finally:
                os._exit(0)
        group.close()
        self.running[pid] = group
        status.close()
        agent.close()

    def _start_service(self, module: str, fd: int) -> None:
        """Fork a process of ours. It ends by itself when the far side of its socket closes."""
        try:
            pid = os.fork()
        except OSError:  # the far side sees the socket close
            os.close(fd)
            return
        if pid == 0:
            try:
                self._leave(keep={fd})
                importlib.import_module(module).main(fd)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        os.close(fd)
        self.services.add(pid)

    @staticmethod
    def _leave(keep: set[int]) -> None:
        """In a fork: forget what belongs to the warm process."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        for fd in map(int, os.listdir("/proc/self/fd")):
            if fd > 2 and fd not in keep:
                with contextlib.suppress(OSError):
                    os.close(fd)

    def _become(self, job: Job, view: View, group: cgroup.Group, status: socket.socket, agent: socket.socket) -> None:
        from autograder.sandbox.supervisor import supervise

        self._leave(keep={status.fileno(), agent.fileno(), *group.join, group.events})
        if job.backend == "namespaces":
            sys.path[:] = [*view.python_path]
            os.environ.update(HOME=WORK, TMPDIR="/tmp", USER="student", LOGNAME="student")
        else:
            os.environ.update(HOME=job.files, TMPDIR=job.temporary)
        if job.gpu:  # before CUDA looks, for the first time in this process
            os.environ["CUDA_VISIBLE_DEVICES"] = job.gpu
        tempfile.tempdir = None  # looked up afresh: the warm process may have asked for it already
        supervise(job, view, group, status, agent)

    def _reap(self) -> None:
        """Remove the groups of those who have ended; never wait for one."""
        while self.running or self.services:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            if pid in self.services:
                self.services.discard(pid)
            else:
                self.leaving.append(self.running.pop(pid))
        self.leaving = [group for group in self.leaving if not group.remove()]


def main(argv: list[str]) -> int:
    """Preload, say so, serve until the control socket closes (a death signal would be tied to the thread, not
    the process, that happened to start this one)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(argv[0]))
    expected = int(argv[2])
    absent = preload(list(filter(None, argv[1].split(","))), for_one=expected == 1)
    open_models(argv[3:], expected)
    control.send(json.dumps({"ready": os.getpid(), "absent": absent}).encode())
    _Zygote(control, expected).serve()
    return 0
