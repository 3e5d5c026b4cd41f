"""Stands between the zygote and one submission: builds its sandbox, watches it, and leaves nothing behind.

Process tree: zygote -> supervisor (keeps its privileges, sees nothing but sockets) -> first process of the
submission (no privileges; reaps) -> the kernel. When the first process ends, its whole pid namespace ends.
The supervisor obeys one socket: when the far side closes it, for whatever reason, everything is killed; a byte asks
for the CPU seconds so far.
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
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograder.sandbox import cgroup, isolate, secrets, syscalls, trees
from autograder.sandbox.backends import BACKENDS, Backend
from autograder.sandbox.job import WORK, Job
from autograder.sandbox.keep import Kept
from autograder.sandbox.usage import Processes, disk
from autograder.sandbox.view import View
from autograder.starved import PATIENCE

_LOOK = 0.25  # seconds between two looks at what a submission uses, where nothing but looking enforces a limit
_REST = 3.0  # and so many times as long as the last look took: what student code made must not keep us busy


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
        kept = _kept(job, backend)
        kept.prepare(job.scratch)
        backend.enter(job, view)
        ready_in, ready_out = os.pipe()
        go_in, go_out = os.pipe()
        first = os.fork()
        if first == 0:
            _close(status.fileno(), ready_in, go_out, below.proc, *([kept.store] if kept.store >= 0 else []))
            _first_process(job, backend, group, agent, ready_out, go_in)
    except OSError as error:
        _say(status, {"failed": f"the sandbox could not be built: {error}"})
        return
    agent.close()
    _close(ready_out, go_in)
    outcome = _watch(job, backend, group, status, first, (ready_in, go_out), below, kept)
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
        _see_nothing(job)
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


def _see_nothing(job: Job) -> None:
    """As student code will be, try to read what it must not. Raises PermissionError when that works."""
    seen = [path for path in job.secret if secrets.can_read(path)]
    if seen:
        raise PermissionError(f"no student code was run, because it could read {seen[0]}")


def _silence() -> None:
    """Nothing printed below Python's level reaches the warm process's own stderr, or the next submission's."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)


def _run_kernel(job: Job, backend: Backend, agent: socket.socket, ready_out: int, go_in: int) -> None:
    from autograder.sandbox.kernel import start_kernel

    listens = False

    def ready() -> None:
        nonlocal listens
        os.write(ready_out, b"R")
        os.read(go_in, 1)
        _close(ready_out, go_in)
        listens = True

    try:
        start_kernel(job, backend.sockets(job), backend.folder(job), agent, ready)
    except BaseException:
        if not listens:  # later the number belongs to a file of the notebook's
            with contextlib.suppress(OSError):
                os.write(ready_out, ("E" + traceback.format_exc()[-1500:]).encode())
    finally:
        os._exit(0)


def _watch(
    job: Job,
    backend: Backend,
    group: cgroup.Group,
    status: socket.socket,
    first: int,
    ready: tuple[int, int],
    below: Processes,
    kept: Kept,
) -> dict[str, Any]:
    """Wait for the end of the first process, whoever brings it about. `ready`: where it says that the kernel
    listens, and where it waits for the word to go on."""
    end = os.pidfd_open(first)
    began = time.monotonic()
    ready_in, go_out = ready
    watched = [end, status.fileno(), ready_in]
    bounded = group.limits_memory and "files" in backend.isolates
    reason, cpu, took = "", 0.0, 0.0
    while not reason:
        readable, _, _ = select.select(watched, [], [], None if bounded else max(_LOOK, _REST * took))
        if ready_in in readable:
            watched.remove(ready_in)
            word = os.read(ready_in, 4096)
            if word == b"R":
                backend.seal()
                os.write(go_out, b"G")
                _say(status, {"ready": os.getpid(), "bounded": bounded})
            elif word:
                reason = "failed"
                _say(status, {"failed": word[1:].decode(errors="replace")})
        if end in readable:
            break
        if status.fileno() in readable:
            reason = _obey(status, below, kept, lambda: _excess(job, backend, group, below))
        looked = time.monotonic()
        reason = reason or _excess(job, backend, group, below)
        took = time.monotonic() - looked
        if time.monotonic() - began > 3 * PATIENCE * job.limits.total_seconds + 300:
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


def _kept(job: Job, backend: Backend) -> Kept:
    """Every place that the submission can write to. In folders that others use too, what its own user has there."""
    room = job.limits.disk_mb * 2**20
    if "files" in backend.isolates:
        return Kept((WORK, "/tmp", "/dev/shm"), room, job.uid)
    shared = tuple(trees.open_to_all()) if job.uid is not None else ()
    return Kept((job.files, job.temporary), room, job.uid, shared)


def _obey(status: socket.socket, below: Processes, kept: Kept, excess: Callable[[], str]) -> str:
    """Do what the far side says, and answer; when it has hung up: "stopped"; when a look finds a limit broken: which,
    and the answer is how it all ended."""
    try:
        word = status.recv(64)
    except OSError:
        word = b""
    if not word:
        return "stopped"
    if b"used" in word:
        _say(status, {"used": below.cpu_seconds(), "watch": time.process_time()})
        return ""
    if b"look" in word:
        if not (reason := excess()):
            _say(status, {"done": True})
        return reason
    with contextlib.suppress(Exception):  # whatever a submission puts in the way; no verdict hangs on this
        if b"note" in word:
            kept.processes = below.since()
            kept.note()
        else:
            _kill_new(below, kept)
            kept.put_back()
    syscalls.die_with_parent(signal.SIGKILL)  # the kernel forgets this when files were touched as another user
    _say(status, {"done": True})
    return ""


def _excess(job: Job, backend: Backend, group: cgroup.Group, below: Processes) -> str:
    """Which limit is broken of those that nothing but looking enforces: "", "memory" or "disk"."""
    limits = job.limits
    if not group.limits_memory and below.memory() > job.memory:
        return "memory"
    if "files" not in backend.isolates and _on_disk(job, below) > limits.disk_mb * 2**20:
        return "disk"
    return ""


def _on_disk(job: Job, below: Processes) -> int:
    return disk(job.files, job.temporary, uid=job.uid) + below.unlinked()


def _kill_new(below: Processes, kept: Kept) -> None:
    """End what a fork of the notebook left running. A kill is a request: until the process is gone it may write what
    is about to be put back, or start another."""
    for _ in range(200):
        new = [pid for pid, begin in below.since().items() if kept.processes.get(pid) != begin]
        if not new:
            return
        for pid in new:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)


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
