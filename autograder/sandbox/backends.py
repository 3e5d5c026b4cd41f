"""Where student code runs: one small abstraction, one conformance suite (tests/sandbox) for all of them."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SandboxUnavailable
from autograder.sandbox import isolate, syscalls
from autograder.sandbox.job import SOCKETS, WORK, Job
from autograder.sandbox.view import View

_KNOBS = ("unprivileged_userns_clone", "apparmor_restrict_unprivileged_userns")


@dataclass(frozen=True)
class Backend:
    """`isolates` says what a backend promises beyond limits and clean-up: files, network, processes, user."""

    name: str
    isolates: frozenset[str]
    summary: str

    def missing(self) -> tuple[str, ...]:
        """What this machine lacks for the backend; empty when it can be used."""
        if platform.system() != "Linux":
            return (f"Linux (this is {platform.system()})",)
        return ()

    def uses_own_user(self) -> bool:
        """Whether every submission runs as a user of its own."""
        return False

    def enter(self, job: Job, view: View) -> None:
        """Move the calling process (which then forks the submission's first process) into the sandbox."""
        os.chdir(os.path.join(job.scratch, "files"))

    def settle(self, job: Job) -> None:
        """In the submission's first process: the last steps, after which student code may run."""
        isolate.limit_resources(job)
        isolate.drop_privileges(job.uid, job.device)

    def folder(self, job: Job) -> str:
        """The work folder as the student's process sees it."""
        return os.path.join(job.scratch, "files")

    def sockets(self, job: Job) -> str:
        """Where the kernel's sockets lie, as its process sees them."""
        return os.path.join(job.scratch, "ipc")

    def seal(self) -> None:
        """Called by the supervisor when the kernel listens and before any student code runs."""


class Namespaces(Backend):
    """Own mounts, processes, network, ipc; own user per submission as root, a user namespace otherwise."""

    def missing(self) -> tuple[str, ...]:
        if platform.system() != "Linux":
            return (f"Linux namespaces (this is {platform.system()})",)
        pid = os.fork()
        if pid == 0:
            try:
                isolate.new_namespaces()
                if os.fork() == 0:
                    syscalls.mount("none", "/", "", syscalls.MS_REC | syscalls.MS_PRIVATE)
                    os._exit(0)
                os._exit(os.waitstatus_to_exitcode(os.wait()[1]))
            except OSError as error:
                os._exit(error.errno if error.errno and error.errno < 120 else 1)
            finally:
                os._exit(1)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code == 0:
            return ()
        reason = os.strerror(code) if code > 0 else f"signal {-code}"
        if os.geteuid() == 0:
            return (f"the right to make namespaces (CAP_SYS_ADMIN): {reason}",)
        knobs = [Path("/proc/sys/kernel", name) for name in _KNOBS]
        found = [f"{knob.name}={knob.read_text().strip()}" for knob in knobs if knob.exists()]
        return (f"user namespaces for ordinary users: {reason} {' '.join(found)}".strip(),)

    def uses_own_user(self) -> bool:
        return os.geteuid() == 0

    def enter(self, job: Job, view: View) -> None:
        isolate.new_namespaces()
        isolate.build_root(job, view)

    def settle(self, job: Job) -> None:
        isolate.mount_proc()
        os.chdir(WORK)
        super().settle(job)

    def folder(self, job: Job) -> str:
        return WORK

    def sockets(self, job: Job) -> str:
        return SOCKETS

    def seal(self) -> None:
        isolate.seal_sockets()


def _open_to_all(folder: Path) -> bool:
    folder = folder.resolve()
    return folder.stat().st_mode & 0o005 == 0o005 and all(part.stat().st_mode & 0o001 for part in folder.parents)


class Container(Backend):
    """The caller already is a container made for this: own user per submission as root, limits, clean-up."""

    def missing(self) -> tuple[str, ...]:
        if platform.system() != "Linux":
            return super().missing()
        if not self.uses_own_user():
            return ("root: for an ordinary user, student code would run as that user and read what that user can",)
        closed = [folder for folder in (sys.base_prefix, sys.prefix) if not _open_to_all(Path(folder))]
        return tuple(f"a Python that other users can read (they cannot enter {folder})" for folder in closed[:1])

    def uses_own_user(self) -> bool:
        return os.geteuid() == 0


BACKENDS: dict[str, Backend] = {
    "namespaces": Namespaces(
        "namespaces",
        frozenset({"files", "network", "processes", "user"}),
        "own mounts, processes, network and user for every submission",
    ),
    "container": Container(
        "container", frozenset({"user"}), "limits and clean-up, an own user: the caller is the isolation"
    ),
    "none": Backend("none", frozenset(), "limits and clean-up only: student code can read what you can read"),
}


def choose_backend(name: str) -> Backend:
    """The backend called `name`; "auto" is namespaces. Raises SandboxUnavailable with what is missing."""
    wanted = "namespaces" if name == "auto" else name
    if wanted not in BACKENDS:
        raise SandboxUnavailable(f"no sandbox is called {name!r}: use auto, {', '.join(BACKENDS)}")
    backend = BACKENDS[wanted]
    lacking = backend.missing()
    if lacking and platform.system() != "Linux":
        raise SandboxUnavailable(
            f"submissions are graded on Linux only (this is {platform.system()}); a container with it "
            "will do. `seq2grade build` and `audit` work here with --sandbox none, for the course's own work."
        )
    if lacking:
        raise SandboxUnavailable(
            f"the sandbox {wanted!r} cannot be used here, missing: {'; '.join(lacking)}. "
            "Pass --sandbox container if this machine is itself a throw-away container (as root, with the course "
            "closed to other users: chmod 700), or --sandbox none to run student code without isolation."
        )
    return backend
