"""What lies in a student's folder, by name: bounded, and without following a link."""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.collect.names import Sort, is_hidden, is_usual, shown, sort_of

ENTRY_LIMIT, DEPTH_LIMIT, NAMES_TOLD = 5_000, 8, 12


@dataclass
class Survey:
    """Paths below a folder, in sorted order. `notebooks` are named as such and not hidden; `almost` have a notebook's
    name with something appended; `hidden` are notebooks and archives under a dot name; `closed` are folders that cannot
    be opened; `rest` is whatever else."""

    folder: Path
    notebooks: list[Path] = field(default_factory=list)
    almost: list[Path] = field(default_factory=list)
    archives: list[Path] = field(default_factory=list)
    hidden: list[Path] = field(default_factory=list)
    links: list[Path] = field(default_factory=list)
    rest: list[Path] = field(default_factory=list)
    closed: list[Path] = field(default_factory=list)
    seen: int = 0
    cut: bool = False

    @property
    def holds_work(self) -> bool:
        """Whether anything here may be a notebook."""
        return bool(self.notebooks or self.almost or self.archives or self.hidden or self.closed or self.cut)

    def told(self) -> str:
        """What was found, for a message."""
        paths = [*self.notebooks, *self.almost, *self.archives, *self.hidden, *self.links, *self.rest]
        told = listed(paths, more=self.cut, base=self.folder)
        if not self.closed:
            return told
        names = listed([path for path in self.closed if path != self.folder], base=self.folder)
        closed = f"{names or 'the folder'} cannot be opened"
        return f"{told}; {closed}" if told else closed


def listed(paths: Sequence[Path | str], more: bool = False, base: Path | None = None) -> str:
    """Names as the end of a sentence, seen from `base`; beyond the first dozen only their number."""
    first = [
        path.relative_to(base) if base and isinstance(path, Path) and path.is_relative_to(base) else path
        for path in paths[:NAMES_TOLD]
    ]
    told = ", ".join(shown(path) for path in first)
    left = len(paths) - NAMES_TOLD
    if left > 0:
        told += f" and {left} more"
    rest = "more that was not looked at"
    return (f"{told} (and {rest})" if told else rest) if more else told


def survey(folder: Path) -> Survey:
    """Look at everything below `folder`, which is no link itself."""
    found = Survey(folder)
    _walk(found)
    return found


def entries(folder: Path, most: int | None = None) -> list[os.DirEntry[str]]:
    """The entries of a folder by name, or so many of them; none when it cannot be read."""
    try:
        with os.scandir(folder) as listing:
            return sorted(itertools.islice(listing, most), key=lambda entry: entry.name)
    except OSError:
        return []


def folders(folder: Path) -> Iterator[str]:
    """Names of the real folders in a folder that are not hidden."""
    return (entry.name for entry in entries(folder) if not is_hidden(entry.name) and is_folder(entry))


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder itself, not a link to one."""
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def leads_to_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link to one, or one to nowhere or to itself."""
    try:
        return entry.is_dir() or (entry.is_symlink() and not entry.is_file())
    except OSError:  # a link to itself
        return True


def _walk(found: Survey) -> None:
    """Level by level: where there is too much to look at, what lies deep is left out."""
    waiting = deque([(found.folder, False)])
    while waiting:
        folder, hidden = waiting.popleft()
        if not os.access(folder, os.R_OK | os.X_OK):
            found.closed.append(folder)
            continue
        if len(folder.relative_to(found.folder).parts) > DEPTH_LIMIT:
            found.cut = True
            continue
        for entry in entries(folder, ENTRY_LIMIT + 1):
            found.seen += 1
            if found.seen > ENTRY_LIMIT:
                found.cut = True
                return
            concealed = hidden or entry.name.startswith(".")
            if is_usual(entry.name):
                # Only where nothing better lies there are autosaved copies worth a word; see `rest`.
                found.rest += [folder / entry.name] if folder == found.folder and is_folder(entry) else []
                continue
            _sort(found, folder / entry.name, entry, concealed)
            if is_folder(entry):
                waiting.append((folder / entry.name, concealed))


def _sort(found: Survey, path: Path, entry: os.DirEntry[str], hidden: bool) -> None:
    sort = sort_of(entry.name)
    if is_folder(entry) and sort is not Sort.NOTEBOOK:
        return
    if entry.is_symlink() and sort is Sort.OTHER:
        found.links.append(path)
    elif sort is Sort.OTHER:
        found.rest.append(path)
    elif hidden:
        found.hidden.append(path)
    elif sort is Sort.NOTEBOOK:
        found.notebooks.append(path)
    elif sort is Sort.ALMOST:
        found.almost.append(path)
    else:
        found.archives.append(path)
