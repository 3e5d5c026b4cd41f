"""Mutants of an answer: every operator at every place of its solution."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from autograder.audit.mutants.seen import NOTHING, Seen, numbered
from autograder.audit.mutants.table import OPERATORS, Changed, Site

_UNTOUCHED = ("annotation", "returns", "decorator_list", "bases")
_LEFT_ALONE = (ast.Import, ast.ImportFrom, ast.Raise, ast.Assert, ast.Global, ast.Nonlocal)
_BEGIN, _END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Mutant:
    """One answer that is wrong, or may be: `code` is the whole cell. `where` names the function, `old` and `new` are
    the changed statement as ast.unparse writes it; of a statement with a body its head. `reached`: whether a check runs
    it."""

    operator: str
    where: str
    old: str
    new: str
    code: str
    line: int
    reached: bool = True

    @property
    def key(self) -> tuple[str, str, str]:
        """What records and samples know it by: no line, no operator."""
        return self.where, self.old, self.new

    @property
    def name(self) -> str:
        """Six letters and digits to call it by."""
        return hashlib.sha256("\n".join(self.key).encode()).hexdigest()[:6]


def mutants(source: str, facts: Mapping[int, Seen]) -> tuple[Mutant, ...]:
    """Those of one answer cell, its marks included, each once. Raises SyntaxError."""
    tree = ast.parse(source)
    places = numbered(tree)
    seen = {node: facts.get(number, NOTHING) for node, number in places.items()}
    inside = _solution_lines(source)
    whole = ast.unparse(tree)
    found: dict[str, Mutant] = {}
    for slot in _slots(tree, None, (), None):
        if slot.node.lineno not in inside:  # type: ignore[attr-defined]
            continue
        site = Site(seen, slot.statement, slot.function, slot.parent)
        for operator in OPERATORS:
            if isinstance(slot.node, operator.kinds):
                for changed in operator.make(slot.node, site):
                    mutant = slot.mutant(tree, operator.name, changed, seen)
                    if mutant is not None and mutant.code != whole:
                        found.setdefault(mutant.code, mutant)
    return tuple(found.values())


def _solution_lines(source: str) -> frozenset[int]:
    """Lines between the marks; all of them where there are none."""
    inside, lines, marked = False, set[int](), _BEGIN in source
    for number, text in enumerate(source.split("\n"), 1):
        inside = (inside or _BEGIN in text) and _END not in text
        if inside or not marked:
            lines.add(number)
    return frozenset(lines)


@dataclass(frozen=True)
class _Slot:
    """A place in the tree where a node stands."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST
    statement: ast.stmt
    function: ast.FunctionDef | None
    scope: tuple[str, ...]

    def mutant(self, tree: ast.Module, operator: str, changed: Changed, seen: Mapping[ast.AST, Seen]) -> Mutant | None:
        """The tree with `changed` here, as text; the tree itself stays as it was. None for what is no Python."""
        old, whole = _head(self.statement), ast.unparse(self.statement)
        before = getattr(self.parent, self.field)
        new_statements = changed if isinstance(changed, list) else None
        if isinstance(before, list):
            index = self.index or 0
            parts = new_statements if new_statements is not None else [changed]
            setattr(self.parent, self.field, [*before[:index], *parts, *before[index + 1 :]])
        else:
            setattr(self.parent, self.field, changed)
        try:
            told: list[ast.AST] = [self.statement]
            if self.node is self.statement:
                told = list(new_statements) if new_statements is not None else [changed]  # type: ignore[list-item]
            new = "\n".join(_head(part) for part in told if isinstance(part, ast.stmt))
            if new == old:  # the change is in the body
                old, new = whole, "\n".join(ast.unparse(part) for part in told)
            code = ast.unparse(ast.fix_missing_locations(tree))
            compile(code, "<mutant>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, AttributeError, TypeError):
            return None
        finally:
            setattr(self.parent, self.field, before)
        reached = any(seen.get(part, NOTHING).kinds for part in ast.walk(self.statement))
        line = int(getattr(self.statement, "lineno", 0))
        return Mutant(operator, ".".join(self.scope), old, new, code, line, reached)


def _head(statement: ast.stmt) -> str:
    """A statement as text; of one with a body only what stands above it."""
    if not hasattr(statement, "body"):
        return ast.unparse(statement)
    kept = {name: value for name, value in ast.iter_fields(statement) if name not in ("orelse", "finalbody")}
    bare = type(statement)(**{**kept, "body": [ast.Expr(ast.Constant(...))]})
    for name in ("orelse", "finalbody"):
        if hasattr(statement, name):
            setattr(bare, name, [])
    if isinstance(bare, ast.Try) and not bare.handlers:
        bare.finalbody = [ast.Pass()]
    return ast.unparse(ast.fix_missing_locations(ast.copy_location(bare, statement)))


def _slots(
    node: ast.AST, statement: ast.stmt | None, scope: tuple[str, ...], function: ast.FunctionDef | None
) -> Iterator[_Slot]:
    for field, value in ast.iter_fields(node):
        if field in _UNTOUCHED:
            continue
        parts: Sequence[tuple[int | None, object]] = (
            list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        )
        for index, child in parts:
            if not isinstance(child, ast.AST) or isinstance(child, (*_LEFT_ALONE, ast.JoinedStr)) or _prose(child):
                continue
            own = child if isinstance(child, ast.stmt) else statement
            if own is not None and hasattr(child, "lineno"):
                yield _Slot(node, field, index, child, own, function, scope)
            named = isinstance(child, (ast.FunctionDef, ast.ClassDef))
            inner = (*scope, child.name) if isinstance(child, (ast.FunctionDef, ast.ClassDef)) else scope
            within = child if isinstance(child, ast.FunctionDef) else None if named else function
            yield from _slots(child, own, inner, within)


def _prose(node: ast.AST) -> bool:
    """A docstring, or something that is only printed."""
    if not isinstance(node, ast.Expr):
        return False
    function = node.value.func if isinstance(node.value, ast.Call) else None
    return isinstance(node.value, ast.Constant) or (isinstance(function, ast.Name) and function.id == "print")


def sample(found: Sequence[Mutant], count: int, seed: int) -> tuple[Mutant, ...]:
    """`count` of them: one of each operator in turn. Which ones depends on a mutant's own text and the seed, so that a
    change elsewhere moves no other."""

    def order(text: str) -> str:
        return hashlib.sha256(f"{seed}\n{text}".encode()).hexdigest()

    piles: dict[str, list[Mutant]] = {}
    for mutant in sorted(found, key=lambda one: order("\n".join(one.key))):
        piles.setdefault(mutant.operator, []).append(mutant)
    rows = zip_longest(*(piles[name] for name in sorted(piles, key=order)))
    return tuple(mutant for row in rows for mutant in row if mutant is not None)[:count]
