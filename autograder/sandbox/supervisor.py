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
        backend.enter(job, view)
        ready_in, ready_out = os.pipe()
        go_in, go_out = os.pipe()
        first = os.fork()
        if first == 0:
            _close(status.fileno(), ready_in, go_out)
            _first_process(job, backend, group, agent, ready_out, go_in)
    except OSError as error:
        _say(status, {"failed": f"the sandbox could not be built: {error}"})
        return
    agent.close()
    _close(ready_out, go_in)
    outcome = _watch(job, backend, group, status, first, ready_in, go_out)
    if "processes" not in backend.isolates:
        _kill_descendants()
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
    job: Job, backend: Backend, group: cgroup.Group, status: socket.socket, first: int, ready_in: int, go_out: int
) -> dict[str, Any]:
    """Wait for the end of the first process, whoever brings it about."""
    end = os.pidfd_open(first)
    began = time.monotonic()
    reason, waiting_for_ready, cpu = "", True, 0.0
    while True:
        sources = [end, status.fileno(), *([ready_in] if waiting_for_ready else [])]
        readable, _, _ = select.select(sources, [], [], None if group.limits_memory else 0.25)
        if waiting_for_ready and ready_in in readable:
            waiting_for_ready = False
            word = os.read(ready_in, 4096)
            if word == b"R":
                backend.seal()
                os.write(go_out, b"G")
                _say(status, {"ready": True})
            elif word:
                reason = "failed"
                _say(status, {"failed": word[1:].decode(errors="replace")})
                os.kill(first, signal.SIGKILL)
        if status.fileno() in readable and end not in readable:
            reason = reason or "stopped"
            cpu = _cpu_of_all(backend)
            os.kill(first, signal.SIGKILL)
            break
        if end in readable:
            break
        if not group.limits_memory and _memory_of_all(backend) > _allowance(job):
            reason = "memory"
            cpu = _cpu_of_all(backend)
            os.kill(first, signal.SIGKILL)
            break
        if time.monotonic() - began > 3 * job.limits.total_seconds + 300:
            reason = "time"  # the far side has its own clock; this one is for a far side that hangs
            os.kill(first, signal.SIGKILL)
            break
    _, code, usage = os.wait4(first, 0)
    if group.killed_for_memory():
        reason = "memory"
    return {
        "exit": os.waitstatus_to_exitcode(code),
        "reason": reason,
        "cpu": max(cpu, usage.ru_utime + usage.ru_stime),
        "seconds": time.monotonic() - began,
    }


def _allowance(job: Job) -> int:
    return (job.limits.memory_mb + job.limits.disk_mb) * 2**20


def _memory_of_all(backend: Backend) -> int:
    """Bytes of private memory of every process of the submission (the warm pages are shared, so not counted)."""
    total = 0
    for pid in _everybody(backend):
        with contextlib.suppress(OSError, ValueError):
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
                for line in file:
                    if line.startswith(("Private_Dirty:", "Pss_Shmem:")):
                        total += int(line.split()[1]) * 1024
    return total


def _everybody(backend: Backend) -> list[int]:
    """The pids of the submission (as this process's /proc numbers them)."""
    if "processes" in backend.isolates:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return _descendants(os.getpid())


def _cpu_of_all(backend: Backend) -> float:
    """CPU seconds so far of every process and of its reaped children (a killed namespace reports none)."""
    ticks = 0
    for pid in _everybody(backend):
        with contextlib.suppress(OSError, ValueError, IndexError):
            ticks += sum(int(field) for field in _stat(pid)[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the command's name."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()


def _descendants(root: int) -> list[int]:
    """Every process below `root`, by the parent links in /proc."""
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                parents.setdefault(int(_stat(int(entry))[1]), []).append(int(entry))
    found, queue = [], [root]
    while queue:
        children = parents.get(queue.pop(), [])
        found += children
        queue += children
    return found


def _kill_descendants() -> None:
    """Without a pid namespace: stop, kill and reap until nobody is left (orphans come to this process)."""
    for _ in range(200):
        left = _descendants(os.getpid())
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
