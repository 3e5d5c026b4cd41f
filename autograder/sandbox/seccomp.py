"""A system-call filter without libseccomp: refuses what a notebook never needs and an escape does."""

from __future__ import annotations

import ctypes
import errno
import os
import struct

_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X86 = {
    "ptrace": 101, "syslog": 103, "pivot_root": 155, "chroot": 161, "acct": 163, "mount": 165, "umount2": 166,
    "swapon": 167, "swapoff": 168, "reboot": 169, "sethostname": 170, "init_module": 175, "delete_module": 176,
    "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250, "unshare": 272, "perf_event_open": 298,
    "fanotify_init": 300, "name_to_handle_at": 303, "open_by_handle_at": 304, "setns": 308,
    "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "kexec_file_load": 320,
    "bpf": 321, "userfaultfd": 323,
}  # fmt: skip
_ARM = {
    "ptrace": 117, "syslog": 116, "pivot_root": 41, "chroot": 51, "acct": 89, "mount": 40, "umount2": 39,
    "swapon": 224, "swapoff": 225, "reboot": 142, "sethostname": 161, "init_module": 105, "delete_module": 106,
    "kexec_load": 104, "add_key": 217, "request_key": 218, "keyctl": 219, "unshare": 97, "perf_event_open": 241,
    "fanotify_init": 262, "name_to_handle_at": 264, "open_by_handle_at": 265, "setns": 268,
    "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272, "finit_module": 273, "kexec_file_load": 294,
    "bpf": 280, "userfaultfd": 282,
}  # fmt: skip
# memory that belongs to no process's address space, so that only a cgroup could count it, or that outlives all of them:
# memfd_create, then shmget, memfd_secret, semget, msgget, mq_open. CUDA's own libraries may want the first one.
_UNCOUNTED = {"x86_64": (319, 29, 447, 64, 68, 240), "aarch64": (279, 194, 447, 190, 186, 180)}
# numbers from 424 on are the same everywhere: io_uring, the new mount calls, pidfd_getfd, mount_setattr
_COMMON = (425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442)
_CLONE3 = 435
_CLONE_SOCKET = {"x86_64": (56, 41), "aarch64": (220, 198)}
_NEW_NAMESPACES = 0x7E020080
_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6; netlink, vsock, alg, packet are refused

_LOAD, _EQUAL, _GREATER, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | errno.EPERM
_UNKNOWN = 0x00050000 | errno.ENOSYS
_NO_FAMILY = 0x00050000 | errno.EOPNOTSUPP  # the one answer to which ZeroMQ's interface look-up does not abort


def _op(code: int, k: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, k)


def build_filter(machine: str, device: str = "cpu") -> bytes:
    """The filter as classic BPF for `machine` (x86_64 or aarch64). Raises KeyError for another one."""
    numbers = {"x86_64": _X86, "aarch64": _ARM}[machine]
    clone, socket = _CLONE_SOCKET[machine]
    program = [_op(_LOAD, 4), _op(_EQUAL, _AUDIT[machine], 1, 0), _op(_RETURN, _REFUSE), _op(_LOAD, 0)]
    if machine == "x86_64":  # the x32 table would be a way around
        program += [_op(_GREATER, 0x40000000, 0, 1), _op(_RETURN, _REFUSE)]
    for number in (*numbers.values(), *_COMMON, *_UNCOUNTED[machine][0 if device == "cpu" else 1 :]):
        program += [_op(_EQUAL, number, 0, 1), _op(_RETURN, _REFUSE)]
    # glibc falls back to clone, whose flags can be read here (clone3's lie in memory)
    program += [_op(_EQUAL, _CLONE3, 0, 1), _op(_RETURN, _UNKNOWN)]
    program += [_op(_EQUAL, clone, 0, 4), _op(_LOAD, 16), _op(_ANY_BIT, _NEW_NAMESPACES, 0, 1)]
    program += [_op(_RETURN, _REFUSE), _op(_RETURN, _ALLOW)]
    program += [_op(_EQUAL, socket, 0, 5), _op(_LOAD, 16)]
    program += [_op(_EQUAL, family, left, 0) for family, left in zip(_FAMILIES, (3, 2, 1), strict=True)]
    program += [_op(_RETURN, _NO_FAMILY), _op(_RETURN, _ALLOW)]
    return b"".join(program)


def install_filter(device: str = "cpu") -> bool:
    """Filter this process and all it starts; False on an architecture without a table. Needs no privilege
    once no_new_privileges() was called. Raises OSError when the kernel refuses."""
    machine = os.uname().machine
    if machine not in _AUDIT:
        return False
    program = build_filter(machine, device)
    buffer = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    described = Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(22, 2, ctypes.byref(described), 0, 0) != 0:  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")
    return True
