"""Declared answers to an item: wrong ones as edits of its solution, unusual right ones as what they define anew.

Both are short because the solution stands in the notebook already: what a file says is where an answer differs.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from autograder.authoring import read_table, read_text
from autograder.errors import AssignmentError
from autograder.parsing import parse

_MARKER = re.compile(r"\s*### (BEGIN|END) SOLUTION\s*$")
_HEAD = re.compile(
    r'# %% (?P<name>[a-z][a-z0-9_]*)(?: cell="(?P<cell>[^"]+)")?(?P<whole> whole=true)?'
    r'(?: apart="(?P<apart>[^"]+)")?\s*$'
)
_Text = Annotated[str, Field(min_length=1)]
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class MistakeTable(BaseModel):
    """One table of mistakes/<item id>.toml. Either `change` or `code` says what is different."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)
    thinks: _Text
    """The misconception, for instructors: the class report counts who holds it."""
    explain: _Text
    """What a student reads whose answer behaves like this one: the idea, never the finished code."""
    caught_by: Annotated[list[_Text], Field(min_length=1)]
    """The checks that must fail. The audit fails where one passes."""
    change: list[Annotated[list[str], Field(min_length=2, max_length=2)]] = []
    """Edits of the solution: pairs of a text that stands exactly once in it, and what takes its place."""
    code: str = ""
    """Instead of `change`: definitions, each in place of the solution's of that name."""
    cell: str = ""
    """The grade_id of the answer cell in which the slip lies, where it is not the item's own."""


class MistakeFile(RootModel[dict[_Name, MistakeTable]]):
    """A whole mistakes/<item id>.toml: name -> mistake. Its [[equivalent]] records are read by themselves."""

    @model_validator(mode="before")
    @classmethod
    def _without_records(cls, data: dict[str, object]) -> dict[str, object]:
        return {key: value for key, value in data.items() if key != "equivalent" or not isinstance(value, list)}


class Equivalent(BaseModel):
    """One [[equivalent]]: a machine-made change of the solution that no check has to catch. `mutant` is the changed
    statement before and after, as ast.unparse writes it; `where` the function it stands in."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)
    mutant: Annotated[list[str], Field(min_length=2, max_length=2)]
    """The changed statement before and after, as the audit prints it."""
    where: str = ""
    """Function, or Class.method; left out for code outside of both."""
    kind: Literal["equivalent", "out of scope", "also right"]
    """Why nobody has to catch it."""
    reason: _Text
    """The same in a sentence."""


class _EquivalentFile(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)
    equivalent: list[Equivalent] = []


@dataclass(frozen=True)
class Unusual:
    """One cell of alternatives/<item id>.py: `code` is what it defines anew, or with `whole` all of the answer; `cell`
    is "" where it is the item's own; the solution's answers to the items `apart` do not go with it."""

    name: str
    cell: str
    why: str
    code: str
    whole: bool
    apart: tuple[str, ...] = ()


def without_marks(source: str) -> str:
    """A solution cell's source without the lines that mark the solution in it: what edits are made to."""
    return "\n".join(line for line in source.split("\n") if not _MARKER.match(line))


def defined(source: str) -> tuple[str, ...]:
    """The names that an answer cell's code defines or sets (`answers` of `answers["one"] = ...`), in order; of a text
    that is no Python none."""
    try:
        tree = parse(without_marks(source))
    except SyntaxError:
        return ()
    found: dict[str, None] = {}
    for node in tree.body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            targets = node.targets if isinstance(node, ast.Assign) else ()
            entries = [part.value for target in targets for part in ast.walk(target) if isinstance(part, ast.Subscript)]
            names = {*_binds(node), *(entry.id for entry in entries if isinstance(entry, ast.Name))}
            found |= dict.fromkeys(sorted(names))
    return tuple(found)


def read_mistakes(path: Path) -> dict[str, MistakeTable]:
    """The mistakes of one item. Raises AssignmentError naming the mistake and the key."""
    tables = read_table(path, MistakeFile, MistakeTable.model_fields).root
    for name, table in tables.items():
        if bool(table.change) == bool(table.code.strip()):
            raise AssignmentError(path, name, "expected either change or code, which say what the answer does instead")
    read_equivalents(path)  # a misspelt record is told when the assignment is loaded
    return tables


def read_equivalents(path: Path) -> tuple[Equivalent, ...]:
    """The records of mistakes/<item id>.toml, in order. Raises AssignmentError naming the key."""
    return tuple(read_table(path, _EquivalentFile, Equivalent.model_fields).equivalent)


def read_alternatives(path: Path) -> Iterator[Unusual]:
    """The alternatives of one item: percent format, `# %% name`, a docstring, and what is defined anew.

    Raises AssignmentError naming the cell.
    """
    lines = read_text(path).split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith("# %%")]
    if "".join(lines[: starts[0] if starts else None]).strip():
        raise AssignmentError(path, "cells", "expected nothing above the first cell, which begins with `# %% name`")
    for begin, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        head = _HEAD.match(lines[begin])
        if head is None:
            more = 'cell="..." whole=true apart="..."'
            expected = f"expected `# %% name` in small letters, then of `{more}` what it needs; got {lines[begin]!r}"
            raise AssignmentError(path, f"line {begin + 1}", expected)
        tree = _parsed(path, head["name"], "\n".join(lines[begin + 1 : end]))
        why = ast.get_docstring(tree)
        if not why or len(tree.body) < 2:
            raise AssignmentError(path, head["name"], "expected a docstring that says why it is right, then code")
        code = "\n".join(lines[begin + 1 + (tree.body[0].end_lineno or 0) : end]).strip("\n")
        whole, apart = bool(head["whole"]), tuple((head["apart"] or "").split())
        yield Unusual(head["name"], head["cell"] or "", " ".join(why.split()), code, whole, apart)


def edited(path: Path, name: str, solution: str, changes: Sequence[Sequence[str]]) -> str:
    """The solution with each `old` of `changes` replaced by its `new`.

    Raises AssignmentError when an `old` does not stand exactly once in the solution, or two of them overlap, or the
    result is not Python.
    """
    spans = []
    for number, (old, new) in enumerate(changes, 1):
        key = f"{name}, change {number}"
        if old == new:
            raise AssignmentError(path, key, "expected two different texts")
        count = solution.count(old) if old else 0
        if count != 1:
            expected = f"expected a text that the solution has once; {_found(solution, old, count)}"
            raise AssignmentError(path, key, expected)
        spans.append((solution.index(old), old, new))
    place, parts = 0, []
    for begin, old, new in sorted(spans):
        if begin < place:
            raise AssignmentError(path, name, f"expected changes that do not overlap; {old!r} lies in another one")
        parts += [solution[place:begin], new]
        place = begin + len(old)
    code = "".join([*parts, solution[place:]])
    _parsed(path, name, code)
    return code


def _found(solution: str, old: str, count: int) -> str:
    if count:
        places = [n for n, line in enumerate(solution.split("\n"), 1) if old.split("\n")[0] in line]
        lines = ", ".join(map(str, places))
        return f"it has it {count} times (lines {lines} of the cell): give more of its surroundings"
    first = next((line.strip() for line in old.split("\n") if line.strip()), "")
    near = difflib.get_close_matches(first, [line.strip() for line in solution.split("\n")], 1, 0.0)
    return f"it has it nowhere. The nearest line is: {near[0] if near else ''}"


def redefined(path: Path, name: str, solution: str, code: str) -> str:
    """The solution in which each definition of `code` stands where the solution has its last of that name; what the
    solution does not define goes before the next one that it does, or to the end.

    Raises AssignmentError when `code` is no Python, or leaves out a name that a replaced statement defines as well.
    """
    own, parsed = solution.split("\n"), _parsed(path, name, code)
    places = _places(_parsed(path, name, solution))
    anew = frozenset[str]().union(*map(_binds, parsed.body))
    lines, start = code.split("\n"), 0
    waiting: list[str] = []
    puts: dict[tuple[int, int], list[str]] = {}
    for node in parsed.body:
        waiting += lines[start : node.end_lineno]
        start = node.end_lineno or 0
        found = sorted({places[bound] for bound in _binds(node) if bound in places})
        for place in found:
            lost = {bound for bound, at in places.items() if at == place} - anew
            if lost:
                told = f"expected {', '.join(sorted(lost))} as well, which the solution defines in the same statement"
                raise AssignmentError(path, name, told)
            puts.setdefault(place, [])
        if found:
            puts[found[-1]] += waiting
            waiting = []
    for (begin, end), text in sorted(puts.items(), reverse=True):
        own[begin:end] = text
    result = "\n".join([*own, *waiting])
    _parsed(path, name, result)
    return result


def _places(tree: ast.Module) -> dict[str, tuple[int, int]]:
    """Name -> the lines (from, to) of the statement at the top that binds it last."""
    places: dict[str, tuple[int, int]] = {}
    for node in tree.body:
        begin = min([node.lineno, *(mark.lineno for mark in getattr(node, "decorator_list", ()))])
        for name in _binds(node):
            places[name] = (begin - 1, node.end_lineno or begin)
    return places


def _binds(node: ast.stmt) -> frozenset[str]:
    """The names that a statement at the top defines, assigns or imports."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return frozenset({node.name})
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return frozenset(alias.asname or alias.name.split(".")[0] for alias in node.names)
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return frozenset(
        part.id
        for target in targets
        for part in ast.walk(target)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    )


def _parsed(path: Path, name: str, code: str) -> ast.Module:
    try:
        return parse(code)
    except SyntaxError as error:
        expected = f"expected Python; {error.msg} in line {error.lineno} of the answer"
        raise AssignmentError(path, name, expected) from error
