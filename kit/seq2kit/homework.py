"""A notebook of the course on a student's disk: its cells, and what the build wrote into it for checking it.

Needs the standard library only, so that it can say what is missing where something is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

LARGEST = 50 * 2**20  # bytes of a notebook; the grader reads no larger one
LOCKED, TESTS, ANSWER, WRITTEN = "locked", "tests", "answer", "written"


class NotHomework(ValueError):
    """There is no notebook to look at; the message says what to do."""


@dataclass(frozen=True)
class Given:
    """A cell that the course gave: `role` is locked, tests, answer or written (an answer in prose)."""

    name: str
    role: str
    digest: str


@dataclass(frozen=True)
class Item:
    """One exercise; `answer` and `tests` name its cells, `tests` is "" where a person grades."""

    id: str
    title: str
    answer: str
    tests: str


@dataclass(frozen=True)
class Homework:
    """A notebook with what it tells about itself. `models` are the files that right work hands in beside it, `files`
    those that the course gave along with it, and has itself."""

    path: Path
    notebook: dict[str, Any]
    assignment: str
    items: tuple[Item, ...] = ()
    given: tuple[Given, ...] = ()
    models: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The cells as they are now."""
        found: list[dict[str, Any]] = self.notebook["cells"]
        return found

    @cached_property
    def named(self) -> dict[str, dict[str, Any]]:
        """Name -> the first cell that bears it."""
        found: dict[str, dict[str, Any]] = {}
        for cell in self.cells:
            if name_of(cell):
                found.setdefault(name_of(cell), cell)
        return found

    @cached_property
    def unanswered(self) -> frozenset[str]:
        """The answer cells that are missing, empty, or as they were given."""
        return frozenset(
            one.name
            for one in self.given
            if one.role in (ANSWER, WRITTEN) and self._is_open(self.named.get(one.name), one)
        )

    def is_own(self, cell: Mapping[str, Any]) -> bool:
        """Whether the student wrote what stands in a cell."""
        given = {one.name: one for one in self.given}.get(name_of(cell))
        return given is None or digest(source_of(cell)) != given.digest

    @staticmethod
    def _is_open(cell: Mapping[str, Any] | None, given: Given) -> bool:
        if cell is None or digest(source_of(cell)) == given.digest:
            return True
        return not (source_of(cell).strip() if given.role == WRITTEN else essence(source_of(cell)))


def describe(
    assignment: str,
    title: str,
    items: tuple[Item, ...],
    limits: Mapping[str, float],
    models: tuple[str, ...],
    release: Mapping[str, Any],
    files: tuple[str, ...] = (),
) -> dict[str, Any]:
    """What the build writes into a notebook's metadata, as JSON can hold it; `read` takes it from there."""
    given = (f"{name_of(cell)} {_role(cell)} {digest(source_of(cell))}" for cell in release["cells"] if name_of(cell))
    return {
        "assignment": assignment, "title": title, "cells": list(given), "limits": dict(limits),
        "items": [{"id": one.id, "title": one.title, "answer": one.answer, "tests": one.tests} for one in items],
        "models": list(models), **({"files": list(files)} if files else {}),
    }  # fmt: skip


def find(path: Path | None = None) -> Path:
    """The notebook that is meant: `path`, or the only one of the course in the folder `path` or the current one.

    Raises NotHomework."""
    path = path or Path()
    if not path.is_dir():
        if not path.is_file():
            raise NotHomework(f"There is no file {path}. Name your notebook, or go to the folder in which it lies.")
        return path
    found = []
    for one in sorted(path.glob("*.ipynb")):
        try:
            read(one)
        except NotHomework:
            continue
        found.append(one)
    if len(found) != 1:
        names = ", ".join(one.name for one in found)
        what = (
            f"There are {len(found)} notebooks of the course here ({names})"
            if found
            else ("There is no notebook of the course in this folder")
        )
        raise NotHomework(f"{what}; name the one that is meant.")
    return found[0]


def read(path: Path) -> Homework:
    """The notebook in a file. Raises NotHomework when it is none, or is none of the course."""
    try:
        if path.stat().st_size > LARGEST:
            raise NotHomework(f"{path.name} is larger than {LARGEST // 2**20} MB: clear the outputs, then save it.")
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = notebook["cells"]
        mark = notebook["metadata"].get("seq2grade", {})
        if notebook["nbformat"] != 4 or not all(isinstance(source_of(cell), str) for cell in cells):
            raise TypeError
        return _from_mark(path, notebook, mark)
    except NotHomework:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotHomework(f"{path.name} is no notebook that can be read: open it in Jupyter and save it.") from error


def _from_mark(path: Path, notebook: dict[str, Any], mark: Any) -> Homework:
    if not mark.get("assignment") or "cells" not in mark:
        raise NotHomework(
            f"{path.name} does not say which assignment it is of: it is none of the course, is older "
            "than this command, or was saved by a program that drops such marks. Download it anew, and "
            "copy your answers over."
        )
    if not re.fullmatch(r"\w[\w.-]*", str(mark["assignment"])):  # it becomes the name of a file
        raise TypeError
    given = [Given(*line.split(" ")) for line in mark["cells"]]
    return Homework(
        path, notebook, str(mark["assignment"]),
        tuple(Item(*(str(one[key]) for key in ("id", "title", "answer", "tests"))) for one in mark["items"]),
        tuple(given), tuple(map(str, mark["models"])),
        {str(name): float(value) for name, value in mark["limits"].items()},
        tuple(map(str, mark.get("files", ()))))  # fmt: skip


def name_of(cell: Mapping[str, Any]) -> str:
    """The name by which the course knows a cell; "" of the student's own."""
    mark = cell.get("metadata", {}).get("nbgrader")
    found = mark.get("grade_id", "") if isinstance(mark, dict) else ""
    return found if isinstance(found, str) else ""


def source_of(cell: Mapping[str, Any]) -> str:
    """The text of a cell."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def digest(source: str) -> str:
    """Of what a text says: empty lines, comments of a line of their own and space at line ends change nothing."""
    return hashlib.sha256(essence(source).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def essence(source: str) -> str:
    """A text without empty lines, lines of comment, and space at line ends."""
    lines = (line.rstrip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.lstrip().startswith("# ") and line.strip() != "#")


def _role(cell: Mapping[str, Any]) -> str:
    mark = cell["metadata"]["nbgrader"]
    if mark.get("solution"):
        return WRITTEN if mark.get("grade") else ANSWER
    return TESTS if mark.get("grade") else LOCKED
