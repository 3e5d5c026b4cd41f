"""Trees of files that student code made: looked through and removed at whatever depth, with few descriptors, and
without following a link. A path to the bottom of such a tree can be longer than the system takes, and a function that
calls itself for each level ends at some thousand of them."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import tempfile
import time
from collections.abc import Iterator

_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_PASSES = 3  # over a tree in which something may still be made


def open_to_all() -> list[str]:
    """The folders in which everybody may leave something."""
    usual = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/dev/mqueue")
    return sorted({os.path.realpath(place) for place in (*usual, tempfile.gettempdir()) if os.path.isdir(place)})


def below(folder: str) -> Iterator[os.stat_result]:
    """The state of everything below a folder, as far as it can be read."""
    try:
        here = os.open(folder, _OPEN)
    except OSError:
        return
    try:
        levels = [(_identity(here), _names(here))]
        while levels:
            names = levels[-1][1]
            if not names:
                levels.pop()
                if levels:
                    here = _exchange(here, os.open("..", _OPEN, dir_fd=here))
                    if _identity(here) != levels[-1][0]:  # it was moved while we were in there
                        return
                continue
            with contextlib.suppress(OSError):
                name = names.pop()
                state = os.stat(name, dir_fd=here, follow_symlinks=False)
                yield state
                if stat.S_ISDIR(state.st_mode) and state.st_dev == levels[-1][0][0]:
                    here = _exchange(here, os.open(name, _OPEN, dir_fd=here))
                    levels.append((_identity(here), _names(here)))
    except OSError:
        return
    finally:
        os.close(here)


def remove(name: str, parent: int | None = None, seconds: float = 120.0) -> None:
    """Delete a file or a whole folder, as far as that is allowed and takes no longer than so many seconds: whoever
    still makes folders in there would keep us for ever. Never raises."""
    until = time.monotonic() + seconds
    with contextlib.suppress(OSError):
        if not _unlink(parent, name):
            top = _open_up(parent, name)
            try:
                for _ in range(_PASSES):
                    _empty(top, until)
                    if not _names(top):
                        break
            finally:
                os.close(top)
            os.rmdir(name, dir_fd=parent)


def _empty(top: int, until: float) -> None:
    """Take a folder's entries away. What lies deeper is first moved up into it, so that nothing is ever deep."""
    waiting = _names(top)
    while waiting and time.monotonic() < until:
        name = waiting.pop()
        with contextlib.suppress(OSError):
            if _unlink(top, name):
                continue
            inner = _open_up(top, name)
            try:
                for entry in _names(inner):
                    with contextlib.suppress(OSError):
                        if not _unlink(inner, entry):
                            os.close(_open_up(inner, entry))  # it must be writable to be moved
                            moved = f".{secrets.token_hex(8)}"
                            os.rename(entry, moved, src_dir_fd=inner, dst_dir_fd=top)
                            waiting.append(moved)
            finally:
                os.close(inner)
            os.rmdir(name, dir_fd=top)


def _unlink(parent: int | None, name: str) -> bool:
    """Delete what is no folder; whether it was none. Raises OSError."""
    if stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
        return False
    os.unlink(name, dir_fd=parent)
    return True


def _open_up(parent: int | None, name: str) -> int:
    """Open a folder, and let its owner do everything in it. Raises OSError."""
    try:
        fd = os.open(name, _OPEN, dir_fd=parent)
    except PermissionError:
        os.chmod(name, 0o700, dir_fd=parent)
        fd = os.open(name, _OPEN, dir_fd=parent)
    with contextlib.suppress(OSError):
        os.fchmod(fd, 0o700)
    return fd


def _names(folder: int) -> list[str]:
    with contextlib.suppress(OSError):
        return os.listdir(folder)
    return []


def _identity(folder: int) -> tuple[int, int]:
    state = os.fstat(folder)
    return state.st_dev, state.st_ino


def _exchange(old: int, new: int) -> int:
    os.close(old)
    return new
