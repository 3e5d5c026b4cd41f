"""What of a notebook has to run for one item: the cells that make what is asked for, and what those need.

A mistake comes to life by running the reference with one answer replaced. Most of what stands around that answer, such
as models that are trained or loaded, is of no account for its item; there are hundreds of mistakes.
"""

from __future__ import annotations

import ast
import builtins
import dis
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

from autograder.judge.registry import Check

_WORD = re.compile(r"[A-Za-z_]\w*")
_PROSE = re.compile(r"\s\S+\s")
_DEPTH = 6  # of helpers and of tables in a file of checks


def cells_needed(
    cells: Iterable[tuple[str, str]], wanted: Iterable[str], checks: Iterable[Check],
    unasked: frozenset[str] = frozenset(),
) -> int:  # fmt: skip
    """How many of `cells` (grade_id, source) have to run: up to the last of the `wanted` ones, and further where a
    later cell makes or changes a name that the checks, or a cell which runs, make use of. All where one is no Python.
    `unasked`: see `asked_for`."""
    ordered, names = tuple(cells), frozenset(wanted)
    used = set[str]().union(*(asked_for(check, unasked) for check in checks))
    try:
        return _closed(ordered, names, used)
    except SyntaxError:
        return len(ordered)


def _closed(ordered: tuple[tuple[str, str], ...], names: frozenset[str], used: set[str]) -> int:
    count = max((place + 1 for place, (grade_id, _) in enumerate(ordered) if grade_id in names), default=len(ordered))
    stored = frozenset[str]().union(*(made(source).stored for _, source in ordered))
    seen, read = 0, set[str]()
    while seen < count:
        for _, source in ordered[seen:count]:
            read |= loaded(source) | made(source).stored
        used |= read
        seen = count
        # what is imported is the same however often: a call of `torch.tanh` changes nothing of what `torch` is
        known = _BUILT_IN.union(*(made(source).imported for _, source in ordered[:count])) - stored
        # a loop's own variable is one that nobody asks for, unless it was there before
        later = [
            place + 1
            for place, (_, source) in enumerate(ordered)
            if made(source).beside(known) & {*used, "*"} or made(source).loops & read
        ]
        count = max(count, *later) if later else count
    return count


_BUILT_IN = frozenset(vars(builtins))


def places_needed(
    cells: Iterable[tuple[str, str]], wanted: Iterable[str], checks: Iterable[Check],
    unasked: frozenset[str] = frozenset(),
) -> tuple[int, ...]:  # fmt: skip
    """The places of those among the first `cells_needed` that have to run: the `wanted` ones, what makes a name that
    the checks or a cell which runs make use of, and what may change such a thing. All where one is no Python."""
    ordered, names, known = tuple(cells), frozenset(wanted), tuple(checks)
    ordered = ordered[: cells_needed(ordered, names, known, unasked)]
    used = set[str]().union(*(asked_for(check, unasked) for check in known))
    needed = {place for place, (grade_id, _) in enumerate(ordered) if grade_id in names}
    try:
        touched = _touched([source for _, source in ordered])
        new = set(needed)
        while new:
            used.update(*(loaded(ordered[place][1]) | made(ordered[place][1]).stored for place in new))
            new = {place for place, what in enumerate(touched) if place not in needed and what & {*used, "*"}}
            needed |= new
    except SyntaxError:
        return tuple(range(len(ordered)))
    return tuple(sorted(needed))


def _touched(sources: Sequence[str]) -> list[frozenset[str]]:
    """Of each cell the names that it makes, or of whose things it may change something: of any that it reads as it
    runs, itself or in a function of the notebook's. No call changes a module, a function or a class."""
    all_made = [made(source) for source in sources]
    fixed = _BUILT_IN.union(*(one.imported | one.defined for one in all_made))
    fixed -= frozenset[str]().union(*(one.stored - one.defined for one in all_made))
    reads: dict[str, frozenset[str]] = {}  # what functions of this name read when they are called
    for source, one in zip(sources, all_made, strict=True):
        for name in one.defined:
            reads[name] = reads.get(name, frozenset()) | loaded(source)
    return [one.stored | one.loops | one.imported | (_reached(one.read, reads) - fixed) for one in all_made]


def _reached(names: frozenset[str], reads: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """These names, and what the functions among them read, and those among these."""
    found, left = set(names), list(names)
    while left:
        new = reads.get(left.pop(), frozenset()) - found
        found |= new
        left += new
    return frozenset(found)


@dataclass(frozen=True)
class Made:
    """Names that a cell makes or changes a part of (`stored`; `defined`: as a function or a class alone), makes as a
    loop's variable and in no other way, imports, calls a method of, and reads (all outside of its functions)."""

    stored: frozenset[str]
    defined: frozenset[str]
    loops: frozenset[str]
    imported: frozenset[str]
    called: frozenset[str]
    read: frozenset[str]

    def beside(self, known: frozenset[str]) -> frozenset[str]:
        """All of them, but for calls and further imports of what is known to be imported."""
        return self.stored | ((self.imported | self.called) - known)


def made_on_the_way(
    answers: Collection[str], submitted: Iterable[str], cells: Iterable[tuple[str, str]]
) -> frozenset[str]:  # fmt: skip
    """Names that the cells of `answers` make beside what is `submitted`, and that no other cell makes, such as the
    variables of a loop. None where a cell is no Python."""
    inside, others = set[str](), set(submitted)
    try:
        for grade_id, source in cells:
            one = made(source)
            (inside if grade_id in answers else others).update(one.stored, one.loops, one.imported)
    except SyntaxError:
        return frozenset()
    return frozenset(inside - others)


@lru_cache(maxsize=4096)
def asked_for(check: Check, unasked: frozenset[str] = frozenset()) -> frozenset[str]:
    """Every name that a check may ask a student for: its attributes and the words in its texts, helpers included.
    Those of the texts that are `unasked` mean something else: the x in "f(x)" is none of the notebook's."""
    return frozenset(_words(check.run, {}, _DEPTH, unasked))


def _words(value: Any, places: dict[int, Any], depth: int, unasked: frozenset[str]) -> Iterator[str]:
    if depth == 0 or id(value) in places:
        return
    if isinstance(value, str):
        yield from (word for word in _WORD.findall(value) if word not in unasked) if not _PROSE.search(value) else ()
        return
    places[id(value)] = value
    if isinstance(value, FunctionType):
        # what a check's docstring claims is prose
        yield from _of_code(value.__code__, unasked, value.__doc__)
        for name in _names(value.__code__):
            if name in value.__globals__ and _own(value.__globals__[name], value.__module__):
                yield from _words(value.__globals__[name], places, depth - 1, unasked)
        for cell in value.__closure__ or ():
            yield from _words(cell.cell_contents, places, depth - 1, unasked)
    elif isinstance(value, type):
        for part in vars(value).values():
            yield from _words(part, places, depth - 1, unasked)
    elif isinstance(value, dict):
        yield from _words([*value, *value.values()], places, depth, unasked)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for part in value:
            yield from _words(part, places, depth - 1, unasked)


def _own(value: Any, module: str) -> bool:
    """Whether a global of a file of checks is part of it, or of another such file, rather than of a library."""
    if isinstance(value, (FunctionType, type)):
        return value.__module__ == module or value.__module__.startswith("_seq2grade_")
    return isinstance(value, (str, dict, list, tuple, set, frozenset))


def _of_code(code: CodeType, unasked: frozenset[str], doc: str | None = None) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _of_code(constant, unasked)
        elif constant is not doc:
            yield from _words(constant, {}, 3, unasked)


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


_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_NAMED = (*_DEFINES, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


@lru_cache(maxsize=4096)
def made(source: str) -> Made:
    """What a cell makes or changes, outside its functions or as their globals. Raises SyntaxError."""
    stored, defined, loops, imported, called = (set[str]() for _ in range(5))
    tree = ast.parse(source)
    of_loops, of_expressions = _targets(tree, ast.For), _targets(tree, ast.comprehension)
    for node in _outside_functions(tree):
        if isinstance(node, _NAMED) and node.name:
            (defined if isinstance(node, _DEFINES) else stored).add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            imported |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            if node not in of_expressions:  # those end with their expression
                (loops if node in of_loops else stored).add(node.id)
        elif isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, (ast.Store, ast.Del)):
            stored |= _base(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called |= _base(node.func)
    stored |= {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}
    read = {node.id for node in _run_at_once(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    parts = stored | defined, defined - stored, loops - stored - defined, imported, called, read
    return Made(*map(frozenset, parts))


def _targets(tree: ast.AST, kind: type[ast.For] | type[ast.comprehension]) -> set[ast.AST]:
    """The names, as nodes, over which loops of this kind run."""
    targets = (node.target for node in ast.walk(tree) if isinstance(node, kind))
    return {name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def _base(node: ast.expr) -> set[str]:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            yield from _outside_functions(child)


def _run_at_once(node: ast.AST) -> Iterator[ast.AST]:
    """All that may run with the cell: of a function what stands before its body, of a class or a lambda everything."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            defaults = [*child.args.defaults, *(one for one in child.args.kw_defaults if one)]
            parts: list[ast.expr] = [*child.decorator_list, *defaults]
            yield from parts
            for part in parts:
                yield from _run_at_once(part)
        else:
            yield child
            yield from _run_at_once(child)
