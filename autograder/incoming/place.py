"""An attempt as a folder submitted/<student>/<assignment>/ that is there whole or not at all, and never in the place of
newer work."""

from __future__ import annotations

import datetime
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nbgrader.utils import parse_utc

from autograder.collect.files import BYTE_LIMIT, FILE_LIMIT
from autograder.collect.names import SUFFIX, Sort, shown, sort_of
from autograder.collect.packed import ZIP_LIMIT, is_zip
from autograder.collect.read import NOTEBOOK_LIMIT, read_regular
from autograder.deadlines import utc
from autograder.errors import CollectError
from autograder.incoming.handed import Attempt
from autograder.incoming.source import Entry, told

TIMESTAMP = "timestamp.txt"  # nbgrader's, which says when it was handed in


@dataclass(frozen=True)
class Content:
    """An attempt that was read: `files` by name, and a sentence for each file that was refused."""

    files: dict[str, bytes]
    time: datetime.datetime | None
    refused: tuple[str, ...] = ()


def read(attempt: Attempt, assignment: str) -> Content:
    """Its files, within the bounds of what one student may hand in. A single notebook is named for its assignment, as
    nbgrader wants it. Raises CollectError where several files have one name."""
    if attempt.doubled:
        raise CollectError(f"{shown(attempt.doubled[0])} is there twice, and it cannot be told which counts")
    files: dict[str, bytes] = {}
    refused = []
    for name, entry in sorted(attempt.files.items()):
        try:
            files[_called(name, attempt, assignment)] = _content(name, entry, files)
        except CollectError as error:
            refused.append(f"{told(entry)} was left out: {str(error).rstrip('.')}")
    both = {name for name in files if any(other.startswith(f"{name}/") for other in files)}
    if both:
        raise CollectError(f"{shown(min(both))} is a file and a folder at once")
    return Content(files, attempt.time, tuple(refused))


def _content(name: str, entry: Entry, files: dict[str, bytes]) -> bytes:
    if entry.refused:
        raise CollectError(entry.refused)
    if len(files) >= FILE_LIMIT:
        raise CollectError(f"there are more than {FILE_LIMIT} files")
    left = ZIP_LIMIT + BYTE_LIMIT - sum(map(len, files.values()))
    if is_zip(name):
        return entry.read(min(ZIP_LIMIT, left))
    return entry.read(min(NOTEBOOK_LIMIT if sort_of(name) is Sort.NOTEBOOK else BYTE_LIMIT, left))


def _called(name: str, attempt: Attempt, assignment: str) -> str:
    alone = attempt.works == [name] and sort_of(name) is Sort.NOTEBOOK and "/" not in name
    return f"{assignment}{SUFFIX}" if alone else name


def standing(folder: Path, content: Content) -> str:
    """What lies there already, beside `content`: "" (nothing, or older), "same", or a sentence why it stays."""
    if not os.path.lexists(folder):
        return ""
    if folder.is_symlink() or not folder.is_dir():
        return "something else lies in its place, and stays"
    there = _time_of(folder)
    if _files_of(folder) == set(content.files) and all(_same(folder / name, d) for name, d in content.files.items()):
        return "same"
    if there is None or content.time is None:
        return "other work lies there, and it cannot be told which is newer: it stays; --replace takes the new one"
    return f"newer work lies there, of {there:%Y-%m-%d %H:%M} UTC, and stays" if there >= utc(content.time) else ""


def _files_of(folder: Path) -> set[str]:
    found = {Path(here, name).relative_to(folder) for here, _, names in os.walk(folder) for name in names}
    return {path.as_posix() for path in found} - {TIMESTAMP}


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and read_regular(path, len(data), links=2**30) == data
    except (CollectError, OSError):
        return False


def _time_of(folder: Path) -> datetime.datetime | None:
    try:
        found: datetime.datetime = parse_utc(read_regular(folder / TIMESTAMP, 1000).decode().strip())
    except (CollectError, OSError, ValueError):
        return None
    return found


def write(folder: Path, content: Content) -> None:
    """Put it there, in the place of what lies there. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.parent / f".{secrets.token_hex(6)}"
    old = folder.parent / f".{secrets.token_hex(6)}"
    try:
        draft.mkdir()
        for name, data in content.files.items():
            path = draft / PurePosixPath(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if content.time is not None:
            (draft / TIMESTAMP).write_text(f"{utc(content.time):%Y-%m-%d %H:%M:%S.%f} UTC", encoding="ascii")
        if os.path.lexists(folder):
            os.rename(folder, old)
        os.rename(draft, folder)
    except OSError:
        if os.path.lexists(old) and not os.path.lexists(folder):
            os.rename(old, folder)
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if os.path.lexists(folder):
            shutil.rmtree(old, ignore_errors=True)
