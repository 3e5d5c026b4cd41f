"""Files that are written whole or not at all: no reader meets half of one, and a write that fails leaves the old file
and nothing beside it."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import tempfile
from pathlib import Path

from autograder.errors import Seq2gradeError

_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)  # of a folder that takes nothing new


def replace_file(path: Path, content: str | bytes, mode: int) -> Path:
    """Put `content` (text as UTF-8) at `path`, which is returned; missing folders are made. `mode` are its permissions,
    under any umask. A link that lies there is replaced, never followed. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8") if isinstance(content, str) else content
    _fill(*_draft(path, 0o600), path, data, mode)
    return path


def write_text(path: Path, text: str) -> None:
    """Put `text` where somebody said: a link stays one, a file keeps its permissions, a device is written to, and so
    is a file in a folder that takes nothing new. It has reached the disk. Raises OSError."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """The same with bytes as they are."""
    if _is_special(path):
        path.write_bytes(data)
        return
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = _mode(path)
    try:
        handle, draft = _draft(path, 0o666 if mode is None else 0o600)
    except OSError as error:
        if error.errno not in _CLOSED or not path.is_file():
            raise
        path.write_bytes(data)
    else:
        _fill(handle, draft, path, data, mode, sync=True)


def _draft(path: Path, mode: int) -> tuple[int, str]:
    """An empty file beside `path`, open for writing, and its name: hidden, and with an ending that nobody looks for.
    The umask is taken off `mode`: who may not read the file in the end may not do so before."""
    draft = os.path.join(path.parent, f".{path.name[:40]}-{secrets.token_hex(6)}")
    binary = getattr(os, "O_BINARY", 0)  # Windows, where assignments are built too
    return os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | binary, mode), draft


def _fill(handle: int, draft: str, path: Path, data: bytes, mode: int | None, sync: bool = False) -> None:
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        if mode is not None:
            os.chmod(draft, mode)
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise


def _mode(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def _is_special(path: Path) -> bool:
    """A pipe or device, as in --json >(command): written to, never replaced."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def check_writable(path: Path, what: str) -> None:
    """Before there is anything to write. Raises Seq2gradeError where a file at `path` can certainly not be written."""
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "that is a folder")
        if _is_special(path):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        _try_folder(path)
    except OSError as error:
        raise Seq2gradeError(f"{what} cannot be written to {path}: {error.strerror}; name another place.") from error


def check_folder(folder: Path, what: str) -> None:
    """The same of files in `folder`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _try_folder(folder / "x")
    except OSError as error:
        raise Seq2gradeError(f"{what} cannot be written to {folder}: {error.strerror}; name another place.") from error


def _try_folder(path: Path) -> None:
    """Write beside `path`, or to it where it is there and its folder takes nothing new."""
    try:
        with tempfile.TemporaryFile(dir=path.parent, prefix=".seq2grade-") as file:
            file.write(b"x")
    except OSError:
        if not path.is_file():
            raise
        with path.open("ab"):
            pass
