"""How far a notebook has to run for one item: no further than the last cell that makes what is asked for.

A mistake comes to life by running the reference with one answer replaced. Most of what follows that answer, such as
models that are trained or loaded, is of no account for its item; there are hundreds of mistakes.
"""

from __future__ import annotations

import ast
import dis
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

from autograder.judge.registry import Check

_WORD = re.compile(r"[A-Za-z_]\w*")
_PROSE = re.compile(r"\s\S+\s")
_DEPTH = 6  # of helpers and of tables in a file of checks


def cells_needed(cells: Iterable[tuple[str, str]], wanted: Iterable[str], checks: Iterable[Check]) -> int:
    """How many of `cells` (grade_id, source) have to run: up to the last of the `wanted` ones, and further where a
    later cell makes or changes a name that the checks, or a cell which runs, make use of. All where one is no Python.
    """
    ordered, names = tuple(cells), frozenset(wanted)
    used = set[str]().union(*(asked_for(check) for check in checks))
    try:
        return _closed(ordered, names, used)
    except SyntaxError:
        return len(ordered)


def _closed(ordered: tuple[tuple[str, str], ...], names: frozenset[str], used: set[str]) -> int:
    count = max((place + 1 for place, (grade_id, _) in enumerate(ordered) if grade_id in names), default=len(ordered))
    seen = 0
    while seen < count:
        for _, source in ordered[seen:count]:
            used |= loaded(source)
        seen = count
        later = [place + 1 for place, (_, source) in enumerate(ordered) if made(source) & {*used, "*"}]
        count = max(count, *later) if later else count
    return count


@lru_cache(maxsize=4096)
def asked_for(check: Check) -> frozenset[str]:
    """Every name that a check may ask a student for: its attributes and the words in its texts, helpers included."""
    return frozenset(_words(check.run, {}, _DEPTH))


def _words(value: Any, places: dict[int, Any], depth: int) -> Iterator[str]:
    if depth == 0 or id(value) in places:
        return
    if isinstance(value, str):
        yield from _WORD.findall(value) if not _PROSE.search(value) else ()
        return
    places[id(value)] = value
    if isinstance(value, FunctionType):
        # what a check's docstring claims is prose
        yield from _of_code(value.__code__, value.__doc__)
        for name in _names(value.__code__):
            if name in value.__globals__ and _own(value.__globals__[name], value.__module__):
                yield from _words(value.__globals__[name], places, depth - 1)
        for cell in value.__closure__ or ():
            yield from _words(cell.cell_contents, places, depth - 1)
    elif isinstance(value, type):
        for part in vars(value).values():
            yield from _words(part, places, depth - 1)
    elif isinstance(value, dict):
        yield from _words([*value, *value.values()], places, depth)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for part in value:
            yield from _words(part, places, depth - 1)


def _own(value: Any, module: str) -> bool:
    """Whether a global of a file of checks is part of it, or of another such file, rather than of a library."""
    if isinstance(value, (FunctionType, type)):
        return value.__module__ == module or value.__module__.startswith("_seq2grade_")
    return isinstance(value, (str, dict, list, tuple, set, frozenset))


def _of_code(code: CodeType, doc: str | None = None) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _of_code(constant)
        elif constant is not doc:
            yield from _words(constant, {}, 3)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


@lru_cache(maxsize=4096)
def loaded(source: str) -> frozenset[str]:
    """The global names that a cell reads, now or when its functions are called. Raises SyntaxError."""

    def of(code: CodeType) -> Iterator[str]:
        yield from (str(one.argval) for one in dis.get_instructions(code) if one.opname in _LOADS)
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                yield from of(constant)

    return frozenset(of(compile(source, "<cell>", "exec", dont_inherit=True)))


_LOADS = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"})


_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


@lru_cache(maxsize=4096)
def made(source: str) -> frozenset[str]:
    """The names that a cell makes, and those of which it changes a part or calls a method, outside its functions or as
    their globals. Raises SyntaxError."""
    found: set[str] = set()
    for node in _outside_functions(ast.parse(source)):
        if isinstance(node, _NAMED) and node.name:
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found.add(node.id)
        elif isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found |= _base(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found |= _base(node.func)
    found |= {name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Global) for name in node.names}
    return frozenset(found)


def _base(node: ast.expr) -> set[str]:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            yield from _outside_functions(child)
