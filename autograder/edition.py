"""Whether an assignment's files are what was loaded from them: by their stamps and, where those differ, by content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

_CACHES = ("__pycache__",)
Stamp = tuple[tuple[str, int, int, int, int], ...]


def stamp(root: Path, assignment: str) -> Stamp | None:
    """What tells cheaply that nothing was written; None when the assignment or its release is not there."""
    try:
        found = [(str(path), os.stat(path)) for path in _files(root, assignment)]
    except OSError:
        return None
    return tuple((name, s.st_mtime_ns, s.st_ctime_ns, s.st_size, s.st_ino) for name, s in found)


def digest(root: Path, assignment: str) -> str:
    """SHA-256 over what decides a grade: the assignment's folder with all that is in it, and its release.

    Raises OSError when something cannot be read."""
    found = hashlib.sha256()
    for path in _files(root, assignment):
        content = path.read_bytes()
        found.update(f"{path.relative_to(root).as_posix()}\n{len(content)}\n".encode("utf-8", "surrogateescape"))
        found.update(content)
    return found.hexdigest()


def _files(root: Path, assignment: str) -> list[Path]:
    """In sorted order. Raises OSError when the folder or the release is not there."""
    release = root / "release" / assignment / f"{assignment}.ipynb"
    os.stat(release)
    return [*sorted(_below(root / "assignments" / assignment)), release]


def _below(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name in _CACHES:
                continue
            if entry.is_dir():
                yield from _below(Path(entry.path))
            elif entry.is_file():
                yield Path(entry.path)
