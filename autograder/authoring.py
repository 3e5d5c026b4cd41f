"""The three text formats an author writes: percent notebooks, header docstrings, and TOML."""

from __future__ import annotations

import ast
import json
import math
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import jupytext
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from autograder.errors import AssignmentError
from autograder.model import Limits

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_JUPYTEXT_OWN = ("lines_to_next_cell", "cell_marker")
_HEADER_LINE = re.compile(r"([a-z_]+):(?:\s+(.*))?$")


@dataclass(frozen=True)
class Cell:
    """One cell of notebook.py: `type` is code, markdown or raw; `grade_id` is "" where there is none."""

    type: str
    source: str
    grade_id: str = ""
    nbgrader: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()

    @property
    def is_grade(self) -> bool:
        return bool(self.nbgrader.get("grade"))

    @property
    def is_solution(self) -> bool:
        return bool(self.nbgrader.get("solution"))

    @property
    def is_locked(self) -> bool:
        return bool(self.nbgrader.get("locked"))

    @property
    def points(self) -> float | None:
        value = self.nbgrader.get("points")
        return float(value) if isinstance(value, (int, float)) else None


def read_text(path: Path) -> str:
    """The text of an authored file. Raises AssignmentError when it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AssignmentError(path, "file", "expected a file; there is none") from None
    except (OSError, UnicodeDecodeError) as error:
        raise AssignmentError(path, "file", f"expected readable UTF-8 text; {error}") from error


def read_cells(path: Path) -> tuple[Cell, ...]:
    """The cells of a percent-format notebook, in order.

    Raises AssignmentError when a cell carries metadata other than `nbgrader` and `tags` (it would travel into
    the students' notebook) or when two cells share a grade_id.
    """
    notebook = jupytext.reads(read_text(path), fmt="py:percent")
    cells = tuple(_cell(path, number, node) for number, node in enumerate(notebook.cells, start=1))
    if not cells:
        raise AssignmentError(path, "cells", "expected cells that begin with # %%; there are none")
    seen: set[str] = set()
    for cell in cells:
        if cell.grade_id and cell.grade_id in seen:
            raise AssignmentError(path, f"cell {cell.grade_id}", "expected one cell of this grade_id")
        seen.add(cell.grade_id)
    return cells


def _cell(path: Path, number: int, node: Any) -> Cell:
    metadata = {key: value for key, value in node.metadata.items() if key not in _JUPYTEXT_OWN}
    nbgrader, tags = metadata.pop("nbgrader", {}), metadata.pop("tags", [])
    grade_id = nbgrader.get("grade_id", "") if isinstance(nbgrader, dict) else ""
    where = f"cell {grade_id or number}"
    if metadata:
        raise AssignmentError(path, where, f"expected only nbgrader and tags; got {sorted(metadata)}")
    if not isinstance(nbgrader, dict) or (nbgrader and not (isinstance(grade_id, str) and grade_id)):
        raise AssignmentError(path, where, "expected nbgrader={...} as JSON with a grade_id")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise AssignmentError(path, where, f'expected tags=["..."]; got {tags!r}')
    return Cell(node.cell_type, node.source, grade_id, dict(nbgrader), tuple(tags))


def read_headed(path: Path, keys: frozenset[str]) -> tuple[dict[str, str], str]:
    """The `key: value` header in a file's module docstring, and the code that follows it.

    An indented line continues the value above it. Raises AssignmentError when a key is missing, unknown,
    empty or given twice, and when there is no code.
    """
    text = read_text(path)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise AssignmentError(path, f"line {error.lineno}", f"expected Python; {error.msg}") from error
    docstring = ast.get_docstring(tree)
    if docstring is None:
        raise AssignmentError(path, "header", f"expected a docstring with the keys {', '.join(sorted(keys))}")
    header = _header(path, docstring)
    for key in sorted(keys ^ header.keys()):
        problem = "expected a value; the key is missing" if key in keys else (
            f"unknown key; expected only {', '.join(sorted(keys))}")
        raise AssignmentError(path, key, problem)
    code = "\n".join(text.splitlines()[tree.body[0].end_lineno :]).strip("\n")
    if len(tree.body) == 1 or not code.strip():
        raise AssignmentError(path, "code", "expected the source of the replaced cell below the docstring")
    return header, code


def _header(path: Path, docstring: str) -> dict[str, str]:
    header: dict[str, str] = {}
    key = ""
    for line in docstring.splitlines():
        match = _HEADER_LINE.match(line)
        if match is not None:
            key = match[1]
            if key in header:
                raise AssignmentError(path, key, "expected once; the key is given twice")
            header[key] = (match[2] or "").strip()
        elif line.startswith((" ", "\t")) and key:
            header[key] = f"{header[key]} {line.strip()}".strip()
        elif line.strip():
            raise AssignmentError(path, "header", f"expected `key: value` or an indented line; got {line!r}")
    for name, value in header.items():
        if not value:
            raise AssignmentError(path, name, "expected text; the value is empty")
    return header


_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
_Text = Annotated[str, Field(min_length=1)]


class RubricTable(BaseModel):
    """One entry of `rubric` in assignment.toml."""

    model_config = _STRICT
    points: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    text: _Text


class ItemTable(BaseModel):
    """One entry of `items` in assignment.toml."""

    model_config = _STRICT
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    title: _Text
    kind: Literal["code", "choice", "number", "manual"]
    source: _Text
    answer: _Text
    tests: _Text | None = None
    points: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    rubric: list[RubricTable] = []
    submits: list[_Text] = []
    needs: list[_Text] = []


class AssignmentTable(BaseModel):
    """The whole of assignment.toml."""

    model_config = _STRICT
    title: _Text
    summary: _Text
    minutes: Annotated[int, Field(gt=0)]
    device: Literal["cpu", "cuda"] = "cpu"
    limits: dict[str, int | float] = {}
    items: Annotated[list[ItemTable], Field(min_length=1)]


_KEYS = {
    "": frozenset(AssignmentTable.model_fields),
    "items": frozenset(ItemTable.model_fields),
    "rubric": frozenset(RubricTable.model_fields),
}


def read_toml(path: Path) -> AssignmentTable:
    """The validated content of an assignment.toml, each value checked by itself.

    Raises AssignmentError for the first wrong value, naming its key as in items[2].kind.
    """
    try:
        data = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise AssignmentError(path, "syntax", f"expected TOML; {error}") from error
    try:
        table = AssignmentTable.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise AssignmentError(path, _dotted(first["loc"]), _expected(first)) from None
    defaults = asdict(Limits())
    for name, value in table.limits.items():
        if name not in defaults:
            known = ", ".join(sorted(defaults))
            raise AssignmentError(path, f"limits.{name}", f"unknown key; expected only {known}")
        whole = isinstance(defaults[name], int)
        if not 0 < value < math.inf or (whole and not isinstance(value, int)):
            kind = "whole number" if whole else "number"
            raise AssignmentError(path, f"limits.{name}", f"expected a {kind} above 0; got {value}")
    return table


def _dotted(loc: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")


def _expected(error: ErrorDetails) -> str:
    if error["type"] == "missing":
        return "expected a value; the key is missing"
    if error["type"] == "extra_forbidden":
        table = next((part for part in reversed(error["loc"][:-1]) if isinstance(part, str)), "")
        return f"unknown key; expected only {', '.join(sorted(_KEYS[table]))}"
    got = json.dumps(error["input"], default=repr, ensure_ascii=False)
    if error["type"] == "literal_error":
        choices = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        return f"expected one of {', '.join(choices)}; got {got}"
    return f"{re.sub(r'^[A-Z][a-z]+ should (be|have|match) ', 'expected ', error['msg'])}; got {got}"
