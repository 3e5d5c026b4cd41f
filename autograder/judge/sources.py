"""The cells of a submission as the judge reads them: which line is meant, and where a name is bound. Nothing is run."""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

import numpy as np
import torch

from autograder.judge.faults import Fault, fault, is_syntax, mentions
from autograder.parsing import parse
from autograder.ran import A_FILE, LONGEST

_SHOWN = 120
_LINE_SAID = re.compile(r", line (\d{1,9})\)")
_BINDS = frozenset({"exec", "setattr", "get_ipython"})
_SPACES = frozenset({"globals", "locals", "vars"})
_STARS = {  # functions of Python's that a star import from there replaces
    "torch": frozenset(set(getattr(torch, "__all__", ())) & set(dir(builtins))),
    "numpy": frozenset(set(np.__all__) & set(dir(builtins))),
    "math": frozenset({"pow"}),
}
STRONG = ("def", "class", "import")


@dataclass(frozen=True)
class Cell:
    """A code cell as it was run: `status` and `error` as in a CellRun; `line` is the one it stopped in, "" unknown."""

    name: str
    source: str
    status: str = "ok"
    error: str = ""
    line: str = ""


@dataclass(frozen=True)
class Binding:
    """A name gets a value in a cell, outside functions. `how`: def, class, import, assign, or del when it loses it."""

    name: str
    cell: int
    how: str


@dataclass(frozen=True)
class Place:
    """A line of a cell, or of a file beside the notebook that is called `file`. `owner`: the function around it,
    `forward` of `Net` say, or ""."""

    cell: int
    line: int
    text: str
    owner: str = ""
    function: str = ""
    statement: ast.AST | None = None
    local: frozenset[str] = frozenset()
    file: str = ""


@dataclass(frozen=True)
class Facts:
    """What is known of the notebook that ran: its code cells, in order, and the Python files beside it."""

    cells: tuple[Cell, ...] = ()
    files: tuple[Cell, ...] = ()

    @staticmethod
    def of(rows: Iterable[Iterable[str]]) -> Facts:
        """From rows (name, source, status, error, line), as plain data."""
        cells = [Cell(*map(str, row)) for row in rows]
        return Facts(tuple(c for c in cells if c.status != A_FILE), tuple(c for c in cells if c.status == A_FILE))

    @cached_property
    def texts(self) -> tuple[Cell, ...]:
        """The cells, then the files."""
        return (*self.cells, *self.files)

    @cached_property
    def _parsed(self) -> dict[int, ast.Module | None]:
        return {}

    def _tree(self, cell: int) -> ast.Module | None:
        if cell not in self._parsed:
            self._parsed[cell] = parsed(self.texts[cell].source)
        return self._parsed[cell]

    @cached_property
    def bindings(self) -> list[Binding]:
        """Every binding outside functions and classes, in order."""
        whole = (row for row in self._statements if not is_syntax(self.cells[row[0]].error))
        return [Binding(name, cell, how) for cell, _, bound in whole for name, how in bound]

    @cached_property
    def _statements(self) -> list[tuple[int, ast.stmt, list[tuple[str, str]]]]:
        """(cell, statement, what it binds) of each, in order: looked for once, whatever names are asked for."""
        trees = ((number, self._tree(number)) for number in range(len(self.cells)))
        return [(number, node, list(names_bound([node]))) for number, tree in trees if tree for node in tree.body]

    @cached_property
    def _last_bound(self) -> dict[str, tuple[int, ast.stmt]]:
        """Name -> the cell and the statement that bind it last."""
        return {name: (cell, node) for cell, node, bound in self._statements for name, _ in bound}

    @cached_property
    def all_seen(self) -> bool:
        """Whether names can only come from what was read here: no star import, exec or magic, nothing unreadable."""
        if any(binding.name == "*" for binding in self.bindings):
            return False
        if any(_is_magic(line) for cell in self.cells for line in _lines(cell.source)):
            return False
        trees = [self._tree(number) for number in range(len(self.cells))]
        return all(tree is not None and not any(map(_binds_unseen, ast.walk(tree))) for tree in trees)

    def star(self, name: str) -> str:
        """The module whose star import gave this name its last meaning; "" if none did, or in doubt."""
        last = ""
        for _, node, bound in self._statements:
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*" and not node.level:
                last = (node.module or "") if name in _STARS.get(node.module or "", ()) else last
            elif name in (one for one, _ in bound):
                last = ""
        return last

    def unreadable(self, name: str) -> tuple[int, Fault] | None:
        """The cell that is no Python and therefore did not give this name its value; None if there is none for sure."""
        broken = [n for n, cell in enumerate(self.cells) if cell.status == "error" and is_syntax(cell.error)]
        grades = {n: mentions(self.cells[n].source[:LONGEST], name) for n in broken}
        best = [n for n in broken if grades[n] and grades[n] == max(grades.values())]
        if len(best) != 1:
            return None
        cell = self.cells[best[0]]
        said = _LINE_SAID.search(cell.error)
        empty = len(cell.source) - len(cell.source.lstrip("\n"))  # lines that Jupyter takes away first
        found = fault(_without_magics(cell.source)) or Fault(0, "")
        agreed = said is None or int(said[1]) + empty == found.line
        return best[0], found if agreed else Fault(0, "")

    def line(self, cell: int, number: int) -> str:
        """A line of a cell, counted from 1, as a message may quote it; "" where there is none."""
        lines = _lines(self.cells[cell].source)
        return shown(lines[number - 1]) if 0 < number <= len(lines) else ""

    def binds(self, name: str) -> bool:
        """Whether a cell of the notebook gives this name a value."""
        return any(binding.name == name for binding in self.bindings)

    def definition(self, name: str) -> ast.AST | None:
        """The function, class or lambda that a name of the notebook stands for in the end, if that is certain."""
        cell, node = self._last_bound.get(name, (0, None))
        return _defines(node, name) if node is not None and self.cells[cell].status == "ok" else None

    def first_line(self, cell: int) -> str:
        """How a cell begins, to tell a student which one is meant."""
        lines = (shown(line) for line in _lines(self.cells[cell].source))
        return next((line for line in lines if line), "")

    def place(self, cell: str, code: str, line: object) -> Place | None:
        """The line that a report means by the digests of its cell and of its text; None when that is not certain."""
        found = self._table.get(code, [])
        best = [(c, n) for c, n in found if self._digests[c] == cell] or found
        best = best if len(best) == 1 else [(c, n) for c, n in best if n == line]
        if len(best) != 1:
            return None
        number, at = best[0]
        here = self.texts[number]
        text = shown(_lines(here.source)[at - 1])
        place = Place(number, at, text, file=shown(here.name) if here.status == A_FILE else "")
        tree = self._tree(number)
        return _within(tree, place) if tree else place

    @cached_property
    def _digests(self) -> list[str]:
        return [digest(_as_run(cell.source)) for cell in self.cells] + [
            digest(file.source.replace("\r\n", "\n").removesuffix("\n") + "\n") for file in self.files
        ]

    @cached_property
    def _table(self) -> dict[str, list[tuple[int, int]]]:
        table: dict[str, list[tuple[int, int]]] = {}
        for number, cell in enumerate(self.texts):
            for at, line in enumerate(_lines(cell.source), 1):
                if line.strip():
                    table.setdefault(digest(line.strip()), []).append((number, at))
        return table


def digest(text: str) -> str:
    """As the far side names a text (guest.tracing)."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _lines(source: str) -> list[str]:
    return source[:LONGEST].split("\n")


def _is_magic(line: str) -> bool:
    bare = line.strip()
    return bare.startswith(("%", "!")) or (bare.endswith("?") and "#" not in bare)


def _as_run(source: str) -> str:
    """The text that Python gets of a cell without magics: no empty lines before it, one line end after it."""
    lines = source.removesuffix("\n").split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    return "".join(line + "\n" for line in lines)


def shown(line: str) -> str:
    """A line of the student's own as a message may quote it."""
    text = "".join(c if c.isprintable() else " " for c in line.strip())
    return (text[:_SHOWN] + "…" if len(text) > _SHOWN else text).replace("`", "'")


def parsed(source: str) -> ast.Module | None:
    """A cell's syntax; magics count as `pass`. None when it cannot be read."""
    if len(source) > LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parse(_without_magics(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _without_magics(source: str) -> str:
    """A cell as Python may read it, line for line: a cell in another language is empty."""
    lines = _lines(source)
    if lines[0].startswith("%%"):
        if lines[0].split()[0] not in ("%%time", "%%timeit", "%%capture", "%%prun"):
            return ""
        lines[0] = ""
    return "\n".join(" " * (len(line) - len(line.lstrip())) + "pass" if _is_magic(line) else line for line in lines)


def _defines(node: ast.AST, name: str) -> ast.AST | None:
    """The function, class or lambda to which a statement gives this name, if it plainly does."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return node
    plain = isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
    return node.value if plain and isinstance(node.value, ast.Lambda) else None  # type: ignore[attr-defined]


def names_bound(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """(name, how) of what these statements bind in their own scope, in order."""
    waiting: list[ast.AST] = list(reversed(body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, "def"
            for inner in ast.walk(node):
                if isinstance(inner, ast.Global):
                    yield from ((name, "assign") for name in inner.names)
            continue
        if isinstance(node, ast.ClassDef):
            yield node.name, "class"
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield (alias.asname or alias.name.split(".")[0]), "import"
        elif isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            yield node.id, "assign" if isinstance(node.ctx, ast.Store) else "del"
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and isinstance(node.ctx, ast.Store):
            yield f"{node.value.id}.{node.attr}", "assign"
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name, "assign"
        elif isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            continue
        waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def _binds_unseen(node: ast.AST) -> bool:
    """Whether a part of the syntax may give a value to a name that stands nowhere as such."""
    if isinstance(node, ast.Name):
        return node.id in _BINDS
    into = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    if not into and not (isinstance(node, ast.Attribute) and node.attr in ("update", "setdefault")):
        return False
    value: ast.AST = node.value  # type: ignore[attr-defined]
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in _SPACES


def _within(tree: ast.Module, place: Place) -> Place:
    """With the function around a line, and the statement."""
    owner, function, local = "", "", set[str]()
    statement: ast.AST | None = None
    node: ast.AST = tree
    while True:
        inside = [child for child in _statements(node) if covers(child, place.line)]
        if not inside:
            break
        child = inside[-1]
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            function = child.name
            owner = f"`{child.name}` of `{node.name}`" if isinstance(node, ast.ClassDef) else f"`{child.name}`"
            local |= _locals(child)
        elif isinstance(child, ast.Assign) and isinstance(child.value, ast.Lambda) and not owner:
            named = [target.id for target in child.targets if isinstance(target, ast.Name)]
            function = named[0] if named else ""
            owner = f"`{function}`" if named else ""
            local |= {node.arg for node in ast.walk(child.value.args) if isinstance(node, ast.arg)}
        statement, node = child, child
    return replace(place, owner=owner, function=function, statement=statement, local=frozenset(local))


def _statements(node: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            found.append(child)
    return found


def covers(node: ast.AST, line: int) -> bool:
    if isinstance(node, ast.match_case):
        return any(covers(child, line) for child in node.body)
    decorators = [d.lineno for d in getattr(node, "decorator_list", [])]
    begin = min([getattr(node, "lineno", 0), *decorators])
    end: int = getattr(node, "end_lineno", 0) or 0
    return bool(begin <= line <= end)


def _locals(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    names = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    outer = {name for node in ast.walk(function) if isinstance(node, ast.Global) for name in node.names}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    names |= {name for name, _ in names_bound(function.body)}
    return names - outer


def is_builtin(name: str) -> bool:
    """Whether Python itself gives this name."""
    return hasattr(builtins, name)
