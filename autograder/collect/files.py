"""The files a student handed in beside the notebook: regular ones only, and not too many."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from autograder.collect.names import Sort, is_usual, sort_of
from autograder.collect.read import printable, read_regular
from autograder.collect.survey import listed
from autograder.errors import CollectError
from autograder.model import Repair

FILE_LIMIT, BYTE_LIMIT, DEPTH_LIMIT = 200, 50 * 2**20, 8
# More entries than this are not looked at: a folder of a million names costs a minute to list.
_ENTRY_LIMIT, _REPORT_LIMIT = 5_000, 20
TRAINED = "checkpoints"  # where seq2kit.checkpoints keeps models, beside the notebook
_OURS = frozenset({"feedback", "__pycache__", "timestamp.txt"})
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass
class _Haul:
    """What was taken so far. `place` is the student's whole folder, in which a file may have several names."""

    place: Path | None
    files: dict[str, bytes] = field(default_factory=dict)
    refused: list[Repair] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    seen: int = 0
    size: int = 0

    def refuse(self, name: str, why: str) -> None:
        kind = "folder" if name.endswith("/") else "file"
        self.refused.append(Repair("files", "", f"The {kind} {name} was not used: {why}."))

    @cached_property
    def names(self) -> Counter[tuple[int, int]]:
        """How many names files with several have in the student's folder. Looked up when the first one is met."""
        return _names(self.place) if self.place is not None else Counter()


def extra_files(
    folder: Path | int,
    notebook: str,
    place: Path | None = None,
) -> tuple[dict[str, bytes], tuple[Repair, ...]]:
    """Relative name -> content of what lies beside `notebook` in `folder` (a path or an open handle), and what was
    refused.

    Links, pipes, devices, other notebooks and names that are no plain text are refused, and files that have a further
    name outside `place`, the student's folder; caches, feedback and timestamp.txt are passed over without a word, other
    dot files with one. Names use "/" and come in sorted order.
    """
    haul = _Haul(place)
    if isinstance(folder, int):
        _walk(haul, ".", "", folder, notebook)
    else:
        _walk(haul, folder, "", None, notebook)
    return _told(haul)


def trained_files(
    folder: int,
    notebook: str,
    place: Path | None = None,
) -> tuple[dict[str, bytes], tuple[Repair, ...]]:
    """The same for a notebook that lies anywhere: only the models below checkpoints/, and only where no other
    notebook lies that they may belong to."""
    haul = _Haul(place)
    names = names_in(folder)
    others = [name for name in names if sort_of(name) is Sort.NOTEBOOK and name != notebook]
    if TRAINED in names and stat.S_ISDIR(os.stat(TRAINED, dir_fd=folder, follow_symlinks=False).st_mode):
        if others:
            haul.refuse(f"{TRAINED}/", "another notebook lies beside this one, and it may belong to that")
        else:
            _walk(haul, TRAINED, f"{TRAINED}/", folder, notebook)
    return _told(haul)


def is_passed_over(name: str) -> bool:
    """Whether a file or folder of this name is no part of anybody's work."""
    return name.startswith(".") or name.endswith(".pyc") or name in _OURS or is_usual(name)


def names_in(folder: int) -> list[str]:
    """The names in an open folder, whatever it was opened for; none where they may not be read."""
    try:
        handle = os.open(".", _FOLDER, dir_fd=folder)
    except OSError:
        return []
    try:
        return os.listdir(handle)
    finally:
        os.close(handle)


def names_inside(place: Path, name: str, folder: int) -> int:
    """How many names the file `name` in the open `folder` may have: those that it has inside `place`."""
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except (OSError, ValueError):
        return 1
    return 1 if status.st_nlink == 1 else _names(place)[status.st_dev, status.st_ino]


def linked_elsewhere(place: Path) -> Callable[[os.stat_result], bool]:
    """Tells of files below `place`, the folder of their student, whether they have a name outside it."""
    haul = _Haul(place)
    return lambda status: status.st_nlink > 1 and status.st_nlink > haul.names[status.st_dev, status.st_ino]


def _names(place: Path) -> Counter[tuple[int, int]]:
    return Counter((one.st_dev, one.st_ino) for one in _statuses(place))


def _statuses(place: Path) -> Iterator[os.stat_result]:
    seen = 0
    for here, _, names in os.walk(place):
        for name in names:
            seen += 1
            if seen > _ENTRY_LIMIT:
                return
            try:
                status = os.stat(os.path.join(here, name), follow_symlinks=False)
            except OSError:
                continue
            if status.st_nlink > 1:
                yield status


def _told(haul: _Haul) -> tuple[dict[str, bytes], tuple[Repair, ...]]:
    refused = haul.refused[:_REPORT_LIMIT]
    if len(haul.refused) > _REPORT_LIMIT:
        more = len(haul.refused) - _REPORT_LIMIT
        refused.append(Repair("files", "", f"{more} more files were not used."))
    if haul.hidden:
        refused.append(Repair("files", "", f"Hidden, so not used: {listed(haul.hidden)}."))
    return dict(sorted(haul.files.items())), tuple(refused)


def _walk(haul: _Haul, folder: Path | str, prefix: str, parent: int | None, notebook: str) -> None:
    try:
        handle = os.open(folder, _FOLDER, dir_fd=parent)
    except OSError as error:
        haul.refuse(prefix.rstrip("/") or "folder", f"it cannot be opened ({error.strerror})")
        return
    try:
        for raw in sorted(os.listdir(handle)):
            haul.seen += 1
            if haul.seen > _ENTRY_LIMIT:
                haul.refuse(prefix + printable(raw), "there are too many files")
                return
            if raw.startswith(".") and not is_usual(raw):
                haul.hidden.append(prefix + raw)
            if not is_passed_over(raw) and (prefix or raw != notebook):
                _take(haul, raw, prefix, handle, notebook)
    finally:
        os.close(handle)


def _take(haul: _Haul, raw: str, prefix: str, parent: int, notebook: str) -> None:
    name = prefix + printable(raw)
    try:
        status = os.stat(raw, dir_fd=parent, follow_symlinks=False)
        mode, links = status.st_mode, status.st_nlink
    except OSError:
        mode, links = 0, 1
    if not raw.isprintable() or "\\" in raw:
        haul.refuse(name.encode("unicode_escape").decode(), "its name holds unusual characters")
    elif stat.S_ISLNK(mode):
        haul.refuse(name, "it is a link")
    elif stat.S_ISDIR(mode):
        if prefix.count("/") >= DEPTH_LIMIT:
            haul.refuse(name, "its folder is nested too deeply")
        else:
            _walk(haul, raw, f"{name}/", parent, notebook)
    elif not stat.S_ISREG(mode):
        haul.refuse(name, "it is a pipe, a socket or a device")
    elif sort_of(raw) in (Sort.NOTEBOOK, Sort.ALMOST):
        haul.refuse(name, "it is not the notebook that is graded")
    elif links > 1 and links > haul.names[status.st_dev, status.st_ino]:
        haul.refuse(name, "it is a hard link, and the file has another name elsewhere; hand in a copy of its own")
    elif len(haul.files) >= FILE_LIMIT:
        haul.refuse(name, f"there are more than {FILE_LIMIT} files")
    else:
        try:
            content = read_regular(raw, BYTE_LIMIT - haul.size, dir_fd=parent, links=links)
        except CollectError:
            limit = BYTE_LIMIT // 2**20
            haul.refuse(name, f"it cannot be read, or the files are larger than {limit} MB in all")
            return
        haul.files[name] = content
        haul.size += len(content)
