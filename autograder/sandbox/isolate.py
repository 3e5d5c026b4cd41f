"""Builds the sandbox from inside: namespaces, a root of its own, limits, and the loss of every privilege."""

from __future__ import annotations

import contextlib
import os
import resource
import secrets
import shutil
import signal
from pathlib import Path

from autograder.sandbox import seccomp, syscalls
from autograder.sandbox.job import SOCKETS, WORK, Job
from autograder.sandbox.syscalls import (
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_REC,
    mount,
)
from autograder.sandbox.view import View

_OUTER_PROC = "/run/proc"
NAMESPACES = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS


def new_namespaces() -> None:
    """Leave the machine's namespaces. An ordinary user needs a user namespace first; root must not take one,
    because root inside it would still be root to the files of the machine. Raises OSError."""
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0:
        syscalls.unshare(CLONE_NEWUSER | NAMESPACES)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    else:
        syscalls.unshare(NAMESPACES)


def build_root(job: Job, view: View) -> None:
    """Mount the view and make it the root. The process must be in its own mount namespace. Raises OSError."""
    mount("none", "/", "", MS_REC | MS_PRIVATE)
    root = os.path.join(job.scratch, "root")
    size = job.limits.disk_mb * 2**20
    _tmpfs(root, "mode=0755,size=1m,nr_inodes=4k")
    for path, target in view.links:
        os.makedirs(root + os.path.dirname(path), exist_ok=True)
        os.symlink(target, root + path)
    # before the binds: a checkout or a Python below /tmp would otherwise vanish under the private one
    _tmpfs(root + "/tmp", f"mode=1777,size={size},nr_inodes=20k")
    for path in view.binds:
        _bind_read_only(path, root + path)
    for path in view.hidden:
        _tmpfs(root + path, "mode=0555,size=4k,nr_inodes=2")
    _devices(root, view)
    owner = f"uid={_owner(job)},gid={_owner(job)}" if job.uid is not None else ""
    _tmpfs(root + "/dev/shm", f"mode=1777,size={size},nr_inodes=4k")
    _tmpfs(root + WORK, ",".join(filter(None, [f"mode=0700,size={size},nr_inodes=20k", owner])))
    _deliver(os.path.join(job.scratch, "files"), root + WORK, job.uid)
    _show(job.given, root + WORK, job.uid)
    os.makedirs(root + SOCKETS)
    mount(os.path.join(job.scratch, "ipc"), root + SOCKETS, "", MS_BIND)
    os.makedirs(root + "/proc", exist_ok=True)
    if job.uid is None:  # the kernel lets an ordinary user mount a /proc only where one can be seen already
        os.makedirs(root + _OUTER_PROC)
        mount("/proc", root + _OUTER_PROC, "", MS_BIND | MS_REC)
    os.makedirs(root + "/etc", exist_ok=True)
    uid = _owner(job)
    Path(root + "/etc/passwd").write_text(f"student:x:{uid}:{uid}:student:{WORK}:/bin/sh\n")
    Path(root + "/etc/group").write_text(f"student:x:{uid}:\n")
    syscalls.pivot_root(root)
    syscalls.make_read_only("/", recursive=False)


def fresh_user(uid_map: str) -> int:
    """A user id for one submission that nobody else has. `uid_map`: of /proc/self; a container may have ids for some
    tens of thousands of users only, and then the upper half of them is taken."""
    ranges = [tuple(map(int, line.split()))[::2] for line in uid_map.splitlines()]
    first, count = max(ranges, key=lambda one: one[1], default=(0, 2**32 - 1))
    if first <= 2**30 and first + count >= 2**30 + 2**29:
        return 2**30 + secrets.randbelow(2**29)
    return first + count // 2 + secrets.randbelow(max(1, count - count // 2))


def _owner(job: Job) -> int:
    return os.geteuid() if job.uid is None else job.uid


def _tmpfs(target: str, options: str) -> None:
    os.makedirs(target, exist_ok=True)
    mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, options)


def _bind_read_only(source: str, target: str) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        Path(target).touch()
    mount(source, target, "", MS_BIND | MS_REC)
    syscalls.make_read_only(target)


def _devices(root: str, view: View) -> None:
    os.makedirs(root + "/dev", exist_ok=True)
    for path in view.devices:
        os.makedirs(os.path.dirname(root + path), exist_ok=True)
        Path(root + path).touch()
        mount(path, root + path, "", MS_BIND)
    for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        os.symlink(f"/proc/self/fd{target}", f"{root}/dev/{name}")
    os.makedirs(root + "/dev/pts")
    with contextlib.suppress(OSError):  # terminals of its own: `!command` in a cell wants one, nothing else does
        mount("devpts", root + "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620")
    os.symlink("pts/ptmx", root + "/dev/ptmx")


def _deliver(source: str, target: str, uid: int | None) -> None:
    """Copy the student's files (regular files only, checked when collected) into the work folder."""
    for folder, _, names in os.walk(source):
        relative = os.path.relpath(folder, source)
        os.makedirs(os.path.join(target, relative), exist_ok=True)
        for name in names:
            shutil.copyfile(os.path.join(folder, name), os.path.join(target, relative, name), follow_symlinks=False)
    if uid is not None:
        for folder, _, names in os.walk(target):
            for path in (folder, *(os.path.join(folder, n) for n in names)):
                os.chown(path, uid, uid, follow_symlinks=False)


def _show(source: str, target: str, uid: int | None) -> None:
    """Mount the course's files into the work folder, each by itself: a mount can be neither written nor moved away, and
    beside it the student may write what he likes. Their folders are mounted on themselves, so that they stay, too."""
    for folder, _, names in os.walk(source):
        inside = os.path.normpath(os.path.join(target, os.path.relpath(folder, source)))
        if not os.path.isdir(inside):
            os.makedirs(inside)
            if uid is not None:
                os.chown(inside, uid, uid)
        if inside != os.path.normpath(target):
            mount(inside, inside, "", MS_BIND)
        for name in names:
            _bind_read_only(os.path.join(folder, name), os.path.join(inside, name))


def mount_proc() -> None:
    """A /proc of the new pid namespace; where the machine forbids that (some containers), an empty one."""
    try:
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except OSError:
        mount("tmpfs", "/proc", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k,mode=0555")
    if os.path.isdir(_OUTER_PROC):
        syscalls.unmount(_OUTER_PROC)


def seal_sockets() -> None:
    """Once the kernel listens, nobody can put another file where the grader connects."""
    syscalls.make_read_only(SOCKETS)


def data_in_use() -> int:
    """Bytes of private writable memory that this process has mapped (what RLIMIT_DATA counts)."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return 4 * 2**30


def limit_resources(job: Job) -> None:
    """Per-process limits. The memory limit is on top of what the warm process already maps."""
    limits = job.limits
    cap(resource.RLIMIT_CORE, 0)
    cap(resource.RLIMIT_FSIZE, limits.disk_mb * 2**20)
    cap(resource.RLIMIT_NOFILE, 1024)
    judging = 0.0 if job.forks else limits.judge_seconds  # a fork counts its own time only
    cap(resource.RLIMIT_CPU, int(limits.total_seconds * 2 + judging) + 10)
    if job.device == "cpu":  # CUDA reserves far more address space than it uses
        cap(resource.RLIMIT_DATA, data_in_use() + limits.memory_mb * 2**20)
    if os.geteuid() != 0 or job.uid is not None:  # never counted for root
        cap(resource.RLIMIT_NPROC, limits.processes)


def processes_of_user() -> int:
    """How many processes and threads count against this user already (0 for a user made for one submission)."""
    mine = os.geteuid()
    count = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if entry.stat().st_uid == mine:
                    count += len(os.listdir(f"/proc/{entry.name}/task"))
    return count


def cap(kind: int, value: int) -> None:
    """Lower one limit, hard and soft, never above the hard limit in force."""
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def drop_privileges(uid: int | None, device: str = "cpu") -> None:
    """Become the submission's user and lose every capability, for good. Raises OSError."""
    syscalls.drop_bounding_set()
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    syscalls.drop_capabilities()
    syscalls.no_new_privileges()
    if uid is not None:  # else the supervisor, who is the same user, could not measure this process either
        syscalls.not_dumpable()
    syscalls.die_with_parent(signal.SIGKILL)
    seccomp.install_filter(device)
