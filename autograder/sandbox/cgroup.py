"""A memory and process limit for all of a submission's processes together, where the machine offers one."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


def _own_v2() -> Path | None:
    """The cgroup v2 folder of this process, if there is one."""
    base = ROOT / "unified" if (ROOT / "unified" / "cgroup.controllers").exists() else ROOT
    if not (base / "cgroup.controllers").exists():
        return None
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        if line.startswith("0::"):
            return base / line[3:].lstrip("/")
    return None


def _writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK)


@dataclass
class Group:
    """Folders made for one submission; `join` are open descriptors that a process writes "0" to."""

    folders: list[Path] = field(default_factory=list)
    join: list[int] = field(default_factory=list)
    events: int = -1

    @property
    def limits_memory(self) -> bool:
        """Whether memory is really limited (else the caller falls back to per-process limits)."""
        return self.events >= 0

    def enter(self) -> None:
        """Move the calling process in. Raises OSError."""
        for fd in self.join:
            os.write(fd, b"0")

    def killed_for_memory(self) -> bool:
        """Whether the kernel killed a process of the group for want of memory."""
        if self.events < 0:
            return False
        text = os.pread(self.events, 4096, 0).decode()
        fields = dict(line.split()[:2] for line in text.splitlines() if " " in line)
        return int(fields.get("oom_kill", "0")) > 0

    def close(self) -> None:
        """Close the descriptors (the folders stay)."""
        for fd in (*self.join, self.events):
            if fd >= 0:
                os.close(fd)
        self.join, self.events = [], -1

    def remove(self) -> bool:
        """Kill whoever should still be in there, and remove the folders. False as long as the killed have not ended
        (that takes a busy machine seconds): then this is to be called again."""
        self.close()
        return all(_remove(folder) for folder in self.folders)


def _remove(folder: Path) -> bool:
    """Whether it is gone now."""
    with contextlib.suppress(OSError):
        folder.rmdir()
    with contextlib.suppress(OSError):
        for pid in (folder / "cgroup.procs").read_text().split():
            os.kill(int(pid), signal.SIGKILL)
    return not folder.exists()


def sweep(name: str, grace: float = 0.0, seconds: float = 10.0) -> bool:
    """Remove what is left of the group `name`, whose maker may be gone; if it lives, it has `grace` seconds to do that
    itself. Returns whether nothing is left after so many seconds."""
    folders = [parent / name for parent in _parents()]
    began = time.monotonic()
    while left := [folder for folder in folders if folder.is_dir()]:
        waited = time.monotonic() - began
        if waited >= grace and all(_remove(folder) for folder in left):
            return True
        if waited > grace + seconds:
            return False
        time.sleep(0.002 if waited < 0.1 else 0.02)
    return True


def sweep_empty(prefix: str = "seq2grade-s2g-", seconds: float = 600.0) -> None:
    """Remove groups that nobody is in and that were made long ago: their makers are gone, and so is all else that
    they left. (A group is entered moments after it was made; the kernel refuses to remove one that is in use.)"""
    for parent in _parents():
        with contextlib.suppress(OSError):
            for folder in parent.glob(f"{prefix}*"):
                with contextlib.suppress(OSError):
                    if time.time() - folder.stat().st_ctime > seconds:
                        folder.rmdir()


def _parents() -> list[Path]:
    own = _own_v2()
    return [ROOT / "memory", ROOT / "pids", *([own] if own is not None else [])]


def _set(path: Path, value: int | str) -> None:
    path.write_text(str(value))


def available() -> str:
    """ "v1", "v2" or "" (no memory cgroup that this process may use)."""
    if _writable(ROOT / "memory") and _writable(ROOT / "pids"):
        return "v1"
    own = _own_v2()
    if own is not None and _writable(own):
        controllers = (own / "cgroup.subtree_control").read_text().split()
        if {"memory", "pids"} <= set(controllers):
            return "v2"
    return ""


def create(name: str, memory_bytes: int, processes: int) -> Group:
    """A group with these limits, or an empty one (limits_memory is False) where none is to be had."""
    group = Group()
    try:
        kind = available()
        if kind == "v1":
            _create_v1(group, name, memory_bytes, processes)
        elif kind == "v2":
            _create_v2(group, name, memory_bytes, processes)
    except OSError:
        group.remove()
        group.folders = []
    return group


def _create_v1(group: Group, name: str, memory_bytes: int, processes: int) -> None:
    memory, pids = ROOT / "memory" / name, ROOT / "pids" / name
    for folder in (memory, pids):
        folder.mkdir()
        group.folders.append(folder)
    _set(memory / "memory.limit_in_bytes", memory_bytes)
    with contextlib.suppress(OSError):  # absent where swap is not accounted
        _set(memory / "memory.memsw.limit_in_bytes", memory_bytes)
    _set(pids / "pids.max", processes)
    group.join = [os.open(folder / "cgroup.procs", os.O_WRONLY) for folder in (memory, pids)]
    group.events = os.open(memory / "memory.oom_control", os.O_RDONLY)


def _create_v2(group: Group, name: str, memory_bytes: int, processes: int) -> None:
    own = _own_v2()
    assert own is not None
    folder = own / name
    folder.mkdir()
    group.folders.append(folder)
    _set(folder / "memory.max", memory_bytes)
    with contextlib.suppress(OSError):
        _set(folder / "memory.swap.max", 0)
    _set(folder / "pids.max", processes)
    group.join = [os.open(folder / "cgroup.procs", os.O_WRONLY)]
    group.events = os.open(folder / "memory.events", os.O_RDONLY)
