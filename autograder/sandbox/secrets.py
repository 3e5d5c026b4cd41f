"""What students must not read, and whether it lies open: decided by the permissions of files, tried by opening them.

Where every submission runs as a user of its own but sees the machine's files (the backend `container`), nothing but
permissions keeps that user from the course. Where a sandbox hides files, a sample of them is tried from inside.
"""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# In a course folder: what students have anyway, and text that tells nothing about answers.
_PUBLIC = frozenset({
    "release", "kit", "docs", "binder", ".devcontainer", ".github", ".ci",
    ".ruff_cache", ".pytest_cache", ".hypothesis",
})  # fmt: skip
_PLAIN = frozenset({"", ".md", ".toml", ".txt", ".cfg", ".ini", ".yml", ".yaml"})
_NAMED = "extensions.toml"  # who may hand in later: plain text, but about students
_COURSE = ("assignments", "source", "solutions", "submitted")
_MOST_FILES = 20_000  # a tree with more than these, all closed, is looked through no further
_MOST_SAMPLES = 48


@dataclass(frozen=True)
class Exposed:
    """`path` is what has to be closed, `proof` a file in it that any user can read."""

    path: str
    proof: str


def exposed(secrets: Sequence[str], shown: Collection[str]) -> list[Exposed]:
    """What of `secrets` a user who owns nothing can read. `shown`: folders below them that are shown on purpose
    (a Python environment, the students' kit)."""
    found: dict[str, Exposed] = {}
    for secret in dict.fromkeys(map(os.path.realpath, secrets)):
        needed = any(_is_below(path, secret) for path in shown)
        for part in _parts(secret, shown):
            proof = _first_file(part, shown, open_only=True) if _can_be_reached(part) else None
            if proof is not None:
                path = part if needed or not _is_below(part, secret) else secret
                found.setdefault(path, Exposed(path, proof))
    return list(found.values())


def samples(secrets: Sequence[str], shown: Collection[str]) -> tuple[str, ...]:
    """Some files of `secrets`, for the sandboxed process to try: it must not be able to open one."""
    found: dict[str, None] = {}
    for secret in dict.fromkeys(map(os.path.realpath, secrets)):
        for part in _parts(secret, shown):
            file = _first_file(part, shown, open_only=False)
            if file is not None:
                found[file] = None
            if len(found) >= _MOST_SAMPLES:
                return tuple(found)
    return tuple(found)


def can_read(path: str) -> bool:
    """Whether the calling process can open this file."""
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC))
    except OSError:
        return False
    return True


def advice(found: Sequence[Exposed]) -> str:
    """What lies open, and the command that closes it."""
    paths = [one.path for one in found]
    rest = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    close = " ".join(map(shlex.quote, paths))
    return f"students could read {', '.join(paths[:3])}{rest}. Close it to other users: chmod o-rwx {close}"


def is_course(folder: str) -> bool:
    """Whether a folder looks like a course, ours or nbgrader's."""
    return any(os.path.isdir(os.path.join(folder, name)) for name in _COURSE)


def _parts(secret: str, shown: Collection[str]) -> Iterator[str]:
    """The folders and files that `secret` consists of, links resolved; of a course what holds answers or grades."""
    if not is_course(secret):
        yield secret
        return
    for name in _names(secret):
        path = os.path.join(secret, name)
        plain = (
            os.path.isfile(path) and name != _NAMED and (Path(name).suffix in _PLAIN or name == "nbgrader_config.py")
        )
        if name not in _PUBLIC and not plain and path not in shown and not _is_python(path):
            yield os.path.realpath(path)


def _is_python(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, "pyvenv.cfg"))


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip("/") + "/")


def _can_be_reached(path: str) -> bool:
    """Whether any user can pass every folder on the way."""
    try:
        return all(folder.stat().st_mode & 0o001 for folder in Path(path).parents)
    except OSError:
        return False


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _first_file(top: str, shown: Collection[str], *, open_only: bool) -> str | None:
    """A regular file at or below `top`; with `open_only` one that any user can reach and read. Links are not
    followed: what they lead to is a secret of its own or none."""
    queue, seen = [top], 0
    while queue and seen < _MOST_FILES:
        path = queue.pop()
        seen += 1
        try:
            mode = os.lstat(path).st_mode
        except OSError:
            continue
        if stat.S_ISREG(mode) and (not open_only or mode & 0o004):
            return path
        if stat.S_ISDIR(mode) and (not open_only or mode & 0o001):
            inside = (os.path.join(path, name) for name in _names(path))
            queue += [one for one in inside if one not in shown and not _is_python(one)]
    return None
