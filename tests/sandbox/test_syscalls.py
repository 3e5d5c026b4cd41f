"""The numbers of system calls that are made or refused here are Linux's, on each machine that has a table."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
import textwrap

import pytest

from autograder.sandbox import seccomp, syscalls
from tests.sandbox.syscall_table import HEADERS, headers, kept

COMMON = [
    "io_uring_setup", "io_uring_enter", "io_uring_register", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount",
    "fspick", "pidfd_getfd", "mount_setattr",
]  # fmt: skip
UNCOUNTED = ["memfd_create", "shmget", "memfd_secret", "semget", "msgget", "mq_open"]
LIVE = """
    import ctypes, errno, json
    from autograder.sandbox import seccomp, syscalls
    libc = ctypes.CDLL(None, use_errno=True)
    names = ["ptrace", "klogctl", "chroot", "acct", "mount", "umount2", "swapon", "swapoff", "sethostname",
             "delete_module", "unshare", "fanotify_init", "name_to_handle_at", "open_by_handle_at", "setns",
             "process_vm_readv", "process_vm_writev", "memfd_create", "getsid", "dup2"]
    def said(name):
        ctypes.set_errno(0)
        result = getattr(libc, name)(*[ctypes.c_long(-1)] * 5)
        return errno.errorcode.get(ctypes.get_errno(), "") if result == -1 else "done"
    syscalls.no_new_privileges()
    assert seccomp.install_filter()
    print(json.dumps({name: said(name) for name in names}))
"""


@pytest.mark.parametrize("machine", HEADERS)
def test_every_number_is_that_of_its_name(machine: str) -> None:
    """Refused by name, by a number that is the same everywhere, or because no limit counts it; and two are made."""
    linux = kept()[machine]
    named = {"x86_64": seccomp._X86, "aarch64": seccomp._ARM}[machine]
    assert named == {name: linux[name] for name in named}
    assert list(seccomp._COMMON) == [linux[name] for name in COMMON]
    assert list(seccomp._UNCOUNTED[machine]) == [linux[name] for name in UNCOUNTED]
    assert seccomp._CLONE_SOCKET[machine] == (linux["clone"], linux["socket"])
    assert linux["clone3"] == seccomp._CLONE3
    assert (syscalls._SYS_PIVOT_ROOT[machine], syscalls._SYS_MOUNT_SETATTR) == (
        linux["pivot_root"], linux["mount_setattr"])  # fmt: skip


def test_both_machines_refuse_the_same() -> None:
    """No call is refused on one and forgotten on the other, and each machine has a table of all kinds."""
    assert list(seccomp._X86) == list(seccomp._ARM)
    for table in (seccomp._AUDIT, seccomp._UNCOUNTED, seccomp._CLONE_SOCKET, syscalls._SYS_PIVOT_ROOT):
        assert set(table) == set(HEADERS)


def test_the_table_is_linux_own() -> None:
    """It agrees with the headers of this machine, as far as they know a call."""
    table = kept()
    for machine, numbers in table.items():
        assert len(numbers) > 250
        own = headers().get(machine, numbers)
        assert {name: own[name] for name in numbers if name in own} == {n: k for n, k in numbers.items() if n in own}


def test_what_the_c_library_calls_is_what_is_refused() -> None:
    """Its functions know the numbers of the machine that this runs on: each is refused, and others are not."""
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(LIVE)], capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    allowed = {name: said.pop(name) for name in ("getsid", "dup2")}
    assert set(said.values()) == {errno.errorcode[errno.EPERM]}, said
    assert allowed == {"getsid": "ESRCH", "dup2": "EBADF"}
