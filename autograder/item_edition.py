"""What decides each item of an assignment, as a digest: whether a change of its files concerns the item."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.assignment import CHECKS, Assignment, Item, check_files
from autograder.parsing import parse
from autograder.request import Listed

_APART = ("assignment.toml", "mistakes", "alternatives", "notebook", "notebook.py", CHECKS, f"{CHECKS}.py")


def item_editions(assignment: Assignment, checks: Sequence[Listed], release: dict[str, Any]) -> dict[str, str]:
    """Item id -> SHA-256 over all that its verdicts may rest on: its checks with the files that these import, its
    declared mistakes, the code of notebook and reference, files, limits, and the same of the items that it needs. Prose
    and alternatives are no part of it. Raises OSError when a file cannot be read."""
    shared = _digest(_shared(assignment, release))
    own = {
        item.id: _digest(_own(assignment, item, [check for check in checks if check.item == item.id]))
        for item in assignment.items
    }
    return {
        item.id: _digest([shared, *(own[one] for one in _with_needs(assignment, item.id))]) for item in assignment.items
    }


def _digest(parts: Iterable[str | bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        found.update(f"{len(data)}\n".encode())
        found.update(data)
    return found.hexdigest()


def _shared(assignment: Assignment, release: dict[str, Any]) -> Iterator[str | bytes]:
    """What any check may rest on."""
    yield repr((assignment.limits, assignment.device))
    code = [(c.grade_id, c.source, sorted(c.tags)) for c in assignment.cells if c.type == "code"]
    given = [(c["id"], "".join(c["source"])) for c in release["cells"] if c["cell_type"] == "code"]
    yield json.dumps([code, given])
    for path in sorted(assignment.folder.rglob("*")):
        name = path.relative_to(assignment.folder)
        hidden = any(part.startswith(".") or part == "__pycache__" for part in name.parts)
        # beside checks there may lie what they read
        if path.is_file() and not hidden and (name.parts[0] not in _APART or path.suffix not in (".py", ".toml")):
            yield name.as_posix()
            yield path.read_bytes()


def _own(assignment: Assignment, item: Item, checks: Sequence[Listed]) -> Iterator[str | bytes]:
    yield json.dumps([item.id, item.kind.value, item.answer, item.tests, item.points, item.submits, item.needs])
    for m in assignment.mistakes:
        if m.item == item.id:
            yield json.dumps([m.name, m.cell, m.caught_by, m.explain, m.misconception, m.code])
    yield json.dumps([(check.name, check.points, check.training) for check in checks])
    files = {check.file for check in checks}
    if any(assignment.folder.resolve() not in path.parents for path in files):  # a check that is made by a library
        files = set(check_files(assignment.folder.resolve()))
    for path in sorted(closure(files)):
        yield path.name
        yield path.read_bytes()


def closure(files: Iterable[Path]) -> frozenset[Path]:
    """These files and what they import from beside them, directly or not."""
    found, left = set[Path](), list(files)
    while left:
        path = left.pop()
        if path not in found:
            found.add(path)
            left += _imported(path)
    return frozenset(found)


def _imported(path: Path) -> Iterator[Path]:
    for level, module, names in _relative_imports(path.read_bytes()):
        base = path.parents[level - 1].joinpath(*module.split("."))
        for place in (base, *(base / name for name in names)):
            yield from (file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file())


@lru_cache(maxsize=512)  # items share most of what their checks import
def _relative_imports(source: bytes) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
    """(level, module, names) of each `from .module import names`."""
    nodes = (node for node in ast.walk(parse(source)) if isinstance(node, ast.ImportFrom) and node.level)
    return tuple((node.level, node.module or "", tuple(alias.name for alias in node.names)) for node in nodes)


def _with_needs(assignment: Assignment, item: str) -> list[str]:
    """The item, and those that it needs, directly or not: whether they are right decides what is carried forward."""
    found: list[str] = []
    left = [item]
    while left:
        if (one := left.pop(0)) not in found:
            found.append(one)
            left += assignment.item(one).needs
    return [found[0], *sorted(found[1:])]
