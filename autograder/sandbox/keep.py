"""What a finished notebook has on disk, and putting that back after each fork of it that served a check.

Used by the supervisor, which sees the submission's files and is out of its reach. No path is followed through a link:
folders are opened one below the other, and where the submission has a user of its own, files are touched as that user.
What was shared before the fork by other means (memory, open descriptors) is not undone; no verdict hangs on that.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder.sandbox import syscalls, trees

_TICK = 0.01  # seconds within which two changes of a file may bear the same time
_SECONDS = 10.0  # for putting everything back
_OPEN = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


@dataclass(frozen=True)
class _Entry:
    """One file, folder or link: what it is, and where the copy of its bytes begins."""

    state: os.stat_result
    target: str = ""
    begin: int = -1

    def same(self, now: os.stat_result) -> bool:
        """Nothing but the kernel sets a file's change time, so equal ones mean: not touched."""
        then = self.state
        if stat.S_ISDIR(then.st_mode):
            return (then.st_mode, then.st_mtime_ns) == (now.st_mode, now.st_mtime_ns)
        return (then.st_ino, then.st_mode, then.st_size, then.st_ctime_ns) == (
            now.st_ino, now.st_mode, now.st_size, now.st_ctime_ns)  # fmt: skip


@dataclass
class Kept:
    """The state of some folders. `room`: bytes that may be copied; of larger files only the names are known. `uid`:
    touch files as this user, and at the `top` only look at what belongs to it."""

    places: tuple[str, ...]
    room: int
    uid: int | None = None
    shared: tuple[str, ...] = ()
    store: int = -1
    seen: dict[tuple[str, str], _Entry] = field(default_factory=dict)
    processes: dict[int, str] = field(default_factory=dict)  # number -> when it started

    def prepare(self, folder: str) -> None:
        """Where copies will lie: a file without a name, made before the machine's disk is out of sight."""
        with contextlib.suppress(OSError), tempfile.TemporaryFile(dir=folder) as file:
            self.store = os.dup(file.fileno())

    def note(self) -> None:
        """Remember everything as it is now."""
        time.sleep(2 * _TICK)  # what was written last must bear another time than what is written next
        end = 0
        with self._as_owner():
            for place, path, parent, name, state in self._walk():
                entry = _Entry(state)
                if stat.S_ISLNK(state.st_mode):
                    with contextlib.suppress(OSError):
                        entry = _Entry(state, os.readlink(name, dir_fd=parent))
                elif stat.S_ISREG(state.st_mode) and self.store >= 0 and end + state.st_size <= self.room:
                    with contextlib.suppress(OSError):
                        self._copy_in(parent, name, end)
                        entry = _Entry(state, begin=end)
                        end += state.st_size
                self.seen[place, path] = entry

    def put_back(self) -> None:
        """Make everything as it was noted: remove what is new, restore what was changed or removed."""
        deadline = time.monotonic() + _SECONDS
        with self._as_owner():
            for _ in range(3):  # what stood in the way is gone the next time
                if not self._once(deadline):
                    return

    def _once(self, deadline: float) -> bool:
        found: set[tuple[str, str]] = set()
        folders: list[tuple[str, str]] = []
        did = False
        for place, path, parent, name, now in self._walk(deadline):
            entry = self.seen.get((place, path))
            kind = stat.S_IFMT(now.st_mode)
            if entry is None or stat.S_IFMT(entry.state.st_mode) != kind:
                trees.remove(name, parent, deadline - time.monotonic())
                did = True
                continue
            found.add((place, path))
            if entry.same(now):
                continue
            if stat.S_ISDIR(now.st_mode):
                folders.append((place, path))
            elif stat.S_ISREG(now.st_mode) and entry.begin >= 0:
                self._write(parent, name, place, path)
                did = True
            elif stat.S_ISLNK(now.st_mode):
                trees.remove(name, parent)
                did = True
        for place, path in sorted(self.seen.keys() - found, key=lambda key: key[1].count("/")):
            did |= self._make(place, path)
        for place, path in reversed(folders):
            self._mark(place, path)
        return did

    def _walk(self, deadline: float = float("inf")) -> Iterator[tuple[str, str, int, str, os.stat_result]]:
        """(place, path below it, descriptor of the folder, name, state) of everything, a folder before its entries."""
        for place in (*self.places, *self.shared):
            with contextlib.suppress(OSError):
                top = os.open(place, os.O_RDONLY | os.O_DIRECTORY | _OPEN)
                yield from self._below(place, "", top, deadline)

    def _below(
        self, place: str, path: str, folder: int, deadline: float
    ) -> Iterator[tuple[str, str, int, str, os.stat_result]]:
        try:
            names = os.listdir(folder)
            for name in names:
                if time.monotonic() > deadline:
                    return
                try:
                    state = os.stat(name, dir_fd=folder, follow_symlinks=False)
                except OSError:
                    continue
                if place in self.shared and not path and state.st_uid != self.uid:
                    continue
                below = f"{path}/{name}"
                yield place, below, folder, name, state
                if stat.S_ISDIR(state.st_mode) and below.count("/") < 100:
                    with contextlib.suppress(OSError):
                        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | _OPEN, dir_fd=folder)
                        if os.fstat(inner).st_dev == os.fstat(folder).st_dev:  # nothing is mounted there
                            yield from self._below(place, below, inner, deadline)
                        else:
                            os.close(inner)
        except OSError:
            return
        finally:
            os.close(folder)

    def _copy_in(self, parent: int, name: str, begin: int) -> None:
        fd = os.open(name, os.O_RDONLY | _OPEN, dir_fd=parent)
        try:
            while data := os.read(fd, 1 << 20):
                os.pwrite(self.store, data, begin)
                begin += len(data)
        finally:
            os.close(fd)

    def _parent(self, place: str, path: str) -> int:
        """The folder of a noted path, opened step by step without following links."""
        fd = os.open(place, os.O_RDONLY | os.O_DIRECTORY | _OPEN)
        for step in path.split("/")[1:-1]:
            try:
                inner = os.open(step, os.O_RDONLY | os.O_DIRECTORY | _OPEN, dir_fd=fd)
            finally:
                os.close(fd)
            fd = inner
        return fd

    def _make(self, place: str, path: str) -> bool:
        """Make anew what is missing."""
        entry, name = self.seen[place, path], path.rpartition("/")[2]
        with contextlib.suppress(OSError):
            parent = self._parent(place, path)
            try:
                if stat.S_ISDIR(entry.state.st_mode):
                    os.mkdir(name, 0o700, dir_fd=parent)
                    self._mark(place, path)
                elif stat.S_ISLNK(entry.state.st_mode):
                    os.symlink(entry.target, name, dir_fd=parent)
                    self.seen[place, path] = _Entry(os.stat(name, dir_fd=parent, follow_symlinks=False), entry.target)
                elif stat.S_ISFIFO(entry.state.st_mode):
                    os.mkfifo(name, stat.S_IMODE(entry.state.st_mode), dir_fd=parent)
                elif entry.begin >= 0:
                    os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OPEN, 0o600, dir_fd=parent))
                    self._write(parent, name, place, path)
                else:
                    return False
                return True
            finally:
                os.close(parent)
        return False

    def _write(self, parent: int, name: str, place: str, path: str) -> None:
        """Give a file its bytes, mode and times back, and remember its new change time."""
        entry = self.seen[place, path]
        with contextlib.suppress(OSError):
            try:
                fd = os.open(name, os.O_WRONLY | os.O_TRUNC | _OPEN, dir_fd=parent)
            except PermissionError:  # it was made unwritable
                trees.remove(name, parent)
                fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OPEN, 0o600, dir_fd=parent)
            try:
                for attribute in os.listxattr(fd):
                    with contextlib.suppress(OSError):
                        os.removexattr(fd, attribute)
                done, size = 0, entry.state.st_size
                while done < size:
                    data = os.pread(self.store, min(1 << 20, size - done), entry.begin + done)
                    if not data:
                        break
                    done += os.write(fd, data)
                os.fchmod(fd, stat.S_IMODE(entry.state.st_mode))
                os.utime(fd, ns=(entry.state.st_atime_ns, entry.state.st_mtime_ns))
                self.seen[place, path] = _Entry(os.fstat(fd), begin=entry.begin)
            finally:
                os.close(fd)

    def _mark(self, place: str, path: str) -> None:
        """Give a folder its mode and times back."""
        entry = self.seen[place, path]
        with contextlib.suppress(OSError):
            parent = self._parent(place, path + "/")
            try:
                for attribute in os.listxattr(parent):
                    with contextlib.suppress(OSError):
                        os.removexattr(parent, attribute)
                os.fchmod(parent, stat.S_IMODE(entry.state.st_mode))
                os.utime(parent, ns=(entry.state.st_atime_ns, entry.state.st_mtime_ns))
            finally:
                os.close(parent)

    @contextlib.contextmanager
    def _as_owner(self) -> Iterator[None]:
        """Files are touched with the rights of the submission's user, and no others."""
        if self.uid is None:
            yield
            return
        syscalls.act_on_files_as(self.uid)
        try:
            yield
        finally:
            syscalls.act_on_files_as(os.geteuid())
