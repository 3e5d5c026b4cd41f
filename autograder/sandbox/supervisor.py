"""Stands between the zygote and one submission: builds its sandbox, watches it, and leaves nothing behind.

Process tree: zygote -> supervisor (keeps its privileges, sees nothing but sockets) -> first process of the
submission (no privileges; reaps) -> the kernel. When the first process ends, its whole pid namespace ends.
The supervisor obeys one socket: when the far side closes it, for whatever reason, everything is killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import time
import traceback
from dataclasses import replace
from typing import Any

from autograder.sandbox import cgroup, isolate, syscalls
from autograder.sandbox.backends import BACKENDS, Backend
from autograder.sandbox.job import Job
from autograder.sandbox.usage import Processes, disk
from autograder.sandbox.view import View


def supervise(job: Job, view: View, group: cgroup.Group, status: socket.socket, agent: socket.socket) -> None:
    """Run one job to its end and report on `status` (JSON lines). Never returns normally to student code."""
    backend = BACKENDS[job.backend]
    syscalls.die_with_parent(signal.SIGKILL)
    os.setsid()
    if "processes" not in backend.isolates:
        syscalls.adopt_orphans()
    if job.uid is None:  # the limit counts every process of this user, also those that were there before
        processes = job.limits.processes + isolate.processes_of_user()
        job = replace(job, limits=replace(job.limits, processes=processes))
    try:
        below = Processes()
        backend.enter(job, view)
        ready_in, ready_out = os.pipe()
        go_in, go_out = os.pipe()
        first = os.fork()
        if first == 0:
            _close(status.fileno(), ready_in, go_out, below.proc)
            _first_process(job, backend, group, agent, ready_out, go_in)
    except OSError as error:
        _say(status, {"failed": f"the sandbox could not be built: {error}"})
        return
    agent.close()
    _close(ready_out, go_in)
    outcome = _watch(job, backend, group, status, first, (ready_in, go_out), below)
    if "processes" not in backend.isolates:
        _kill_all(below)
    _say(status, outcome)


def _close(*fds: int) -> None:
    for fd in fds:
        os.close(fd)


def _say(status: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        status.sendall(json.dumps(message).encode() + b"\n")


def _first_process(
    job: Job, backend: Backend, group: cgroup.Group, agent: socket.socket, ready_out: int, go_in: int
) -> None:
    """pid 1 of the submission: settle, fork the kernel, reap until it ends. Never returns."""
    code = 70
    try:
        os.setsid()
        _silence()
        group.enter()
        group.close()
        backend.settle(job)
        kernel = os.fork()
        if kernel == 0:
            syscalls.die_with_parent(signal.SIGKILL)
            _run_kernel(job, backend, agent, ready_out, go_in)
        agent.close()
        _close(ready_out, go_in)
        while True:
            pid, status = os.wait()
            if pid == kernel:
                code = os.waitstatus_to_exitcode(status)
                break
    except BaseException:
        with contextlib.suppress(OSError):
            os.write(ready_out, ("E" + traceback.format_exc()[-1500:]).encode())
    finally:
        os._exit(code if 0 <= code < 256 else 128 - code)


def _silence() -> None:
    """Nothing printed below Python's level reaches the warm process's own stderr, or the next submission's."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)


def _run_kernel(job: Job, backend: Backend, agent: socket.socket, ready_out: int, go_in: int) -> None:
    from autograder.sandbox.kernel import start_kernel

    def ready() -> None:
        os.write(ready_out, b"R")
        os.read(go_in, 1)
        _close(ready_out, go_in)

    try:
        start_kernel(job, backend.sockets(job), backend.folder(job), agent, ready)
    except BaseException:
        with contextlib.suppress(OSError):
            os.write(ready_out, ("E" + traceback.format_exc()[-1500:]).encode())
    finally:
        os._exit(0)


def _watch(
    job: Job, backend: Backend, group: cgroup.Group, status: socket.socket, first: int, ready: tuple[int, int],
    below: Processes,
) -> dict[str, Any]:
    """Wait for the end of the first process, whoever brings it about. `ready`: where it says that the kernel
    listens, and where it waits for the word to go on."""
    end = os.pidfd_open(first)
    began = time.monotonic()
    ready_in, go_out = ready
    watched = [end, status.fileno(), ready_in]
    bounded = group.limits_memory and "files" in backend.isolates
    reason, cpu = "", 0.0
    while not reason:
        readable, _, _ = select.select(watched, [], [], None if bounded else 0.25)
        if ready_in in readable:
            watched.remove(ready_in)
            word = os.read(ready_in, 4096)
            if word == b"R":
                backend.seal()
                os.write(go_out, b"G")
                _say(status, {"ready": True})
            elif word:
                reason = "failed"
                _say(status, {"failed": word[1:].decode(errors="replace")})
        if end in readable:
            break
        if status.fileno() in readable:
            reason = "stopped"
        reason = reason or _excess(job, backend, group, below)
        if time.monotonic() - began > 3 * job.limits.total_seconds + 300:
            reason = "time"  # the far side has its own clock; this one is for a far side that hangs
    if reason:
        cpu = below.cpu_seconds()
        os.kill(first, signal.SIGKILL)
    _, code, usage = os.wait4(first, 0)
    if group.killed_for_memory():
        reason = "memory"
    return {
        "exit": os.waitstatus_to_exitcode(code),
        "reason": reason,
        "cpu": max(cpu, usage.ru_utime + usage.ru_stime),
        "seconds": time.monotonic() - began,
    }


def _excess(job: Job, backend: Backend, group: cgroup.Group, below: Processes) -> str:
    """Which limit is broken of those that nothing but looking enforces: "", "memory" or "disk"."""
    limits = job.limits
    if not group.limits_memory and below.memory() > (limits.memory_mb + limits.disk_mb) * 2**20:
        return "memory"
    if "files" not in backend.isolates and disk(job.files, job.temporary) > limits.disk_mb * 2**20:
        return "disk"
    return ""


def _kill_all(below: Processes) -> None:
    """Without a pid namespace: stop, kill and reap until nobody is left (orphans come to this process)."""
    for _ in range(200):
        left = below.pids()
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            if not left:
                return
        time.sleep(0.01)
