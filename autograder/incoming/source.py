"""The files of an export, a zip or a folder, read as hostile bytes: each is named, timed and bounded before it is read.

Nothing is unpacked as a whole: a file is read when somebody asks for it, and no further than its limit.
"""

from __future__ import annotations

import contextlib
import datetime
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.collect.files import is_passed_over
from autograder.collect.names import shown
from autograder.collect.packed import content_of, why_not
from autograder.collect.read import printable, read_regular
from autograder.collect.survey import entries, is_folder
from autograder.errors import CollectError

ENTRY_LIMIT = 50_000  # of the files of a class
_DEPTH = 12
_UTF8 = 0x800  # a zip's own word for how a name is written
_EXTENDED_TIME = 0x5455
_KEPT = "timestamp.txt"  # nbgrader's, which tells something only where nbgrader wrote it


@dataclass(frozen=True)
class Entry:
    """A file of an export. `path` is its name there; `time` (aware) is when the zip says it was handed in, None where
    nobody knows. `read(limit)` gives its content; raises CollectError. `refused`: "" or why it is not read."""

    path: PurePosixPath
    time: datetime.datetime | None
    read: Callable[[int], bytes]
    refused: str = ""


@contextlib.contextmanager
def opened(path: Path, zone: datetime.tzinfo | None) -> Iterator[tuple[Entry, ...]]:
    """The files of an export. `zone` is that of the times in a zip that say none; None: this machine's. Raises
    CollectError with a sentence for what is no export."""
    if path.is_dir():
        yield tuple(_of_folder(path))
        return
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError, MemoryError) as error:
        raise CollectError(f"{printable(path)} is neither a folder nor a zip that can be read: {error}") from error
    with archive:
        if len(archive.infolist()) > ENTRY_LIMIT:
            raise CollectError(f"{printable(path)} names more than {ENTRY_LIMIT} files; is it the export of one class?")
        yield tuple(_of_zip(archive, zone))


def _of_zip(archive: zipfile.ZipFile, zone: datetime.tzinfo | None) -> Iterator[Entry]:
    found = [entry for entry in archive.infolist() if not entry.filename.endswith(("/", "\\"))]
    for entry in found:
        entry.filename = _name(entry)
    times = Counter(PurePosixPath(entry.filename).as_posix() for entry in found)
    for entry in found:
        path = PurePosixPath(entry.filename)
        why = why_not(entry)
        if not why and times[path.as_posix()] > 1:
            why = "it is there twice, and it cannot be told which counts"
        if not _is_nothing(path):
            yield Entry(path, _time(entry, zone), _reader(archive, entry), why)


def _reader(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[int], bytes]:
    return lambda limit: content_of(archive, entry, limit)


def _name(entry: zipfile.ZipInfo) -> str:
    """Some programs write UTF-8 without saying so, and folders with the other slash."""
    name = entry.filename
    if not entry.flag_bits & _UTF8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _time(entry: zipfile.ZipInfo, zone: datetime.tzinfo | None) -> datetime.datetime | None:
    """In UTC where the zip has it so, else as a clock on the wall of `zone`; it is good to two seconds then."""
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _EXTENDED_TIME and size >= 5 and extra[4] & 1 and len(extra) >= 9:
            return datetime.datetime.fromtimestamp(struct.unpack_from("<i", extra, 5)[0], datetime.timezone.utc)
        extra = extra[4 + size :]
    if entry.date_time[0] <= 1980:  # what stands there when nobody wrote a time
        return None
    with contextlib.suppress(ValueError, OverflowError, OSError):
        return local(datetime.datetime(*entry.date_time), zone)
    return None


def local(clock: datetime.datetime, zone: datetime.tzinfo | None) -> datetime.datetime:
    """A time without zone as one of `zone`, or of this machine."""
    return clock.astimezone() if zone is None else clock.replace(tzinfo=zone)


def _of_folder(root: Path) -> Iterator[Entry]:
    """What lies in an unpacked export. Times of files tell when it was unpacked, so they are not asked."""
    waiting, seen = [(root, PurePosixPath())], 0
    while waiting:
        folder, above = waiting.pop()
        for one in entries(folder):
            path = above / printable(one.name)
            seen += 1
            if seen > ENTRY_LIMIT:
                raise CollectError(f"{printable(root)} holds more than {ENTRY_LIMIT} files; is it the right folder?")
            if is_folder(one):
                if len(path.parts) < _DEPTH:
                    waiting.append((folder / one.name, path))
            elif not _is_nothing(path):
                plain = one.name.isprintable() and "\\" not in one.name
                why = "it is a link" if one.is_symlink() else "" if plain else "its name holds unusual characters"
                yield Entry(path, None, _opener(folder / one.name), why)


def _opener(path: Path) -> Callable[[int], bytes]:
    return lambda limit: read_regular(path, limit)


def _is_nothing(path: PurePosixPath) -> bool:
    """What programs leave behind. A student's timestamp.txt is not believed; nbgrader's stands in its folder's name."""
    return any(is_passed_over(part) and part != _KEPT for part in path.parts if part != "..") or path.name == _KEPT


def told(entry: Entry) -> str:
    """An entry for a message."""
    return shown(entry.path.as_posix())
