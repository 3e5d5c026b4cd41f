"""Which cell stopped, where, and which names kept an earlier value because of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from autograder.judge.sources import Facts, covers, names_bound, parsed

_WORD = re.compile(r"[^\W\d]\w*")


def too_early(names: Iterable[str], facts: Facts) -> str:
    """Why one of these names, which a check asked for, holds an earlier value than its cell would have given it; "" if
    none of them does for sure. What such a value is blamed for has no other cause."""
    for name in names:
        bound = [binding.cell for binding in facts.bindings if binding.name == name]
        if bound and _stands_behind(name, bound[0], bound[-1], facts):
            where = f"the cell that begins with {stop(bound[-1], facts)} before it got to the last one"
            return f"`{name}` still has an earlier value: {where}"
    return ""


def stop(number: int, facts: Facts) -> str:
    """How a cell begins, where it stopped, and with what."""
    cell = facts.cells[number]
    kind = cell.error.split(":")[0].strip()
    why = f"stopped with {kind}" if cell.status == "error" and _WORD.fullmatch(kind) else "did not run to its end"
    line = facts.line(number, _line(cell.line))
    return f"`{facts.first_line(number)}`, {why}" + (f" in line {cell.line}, `{line}`," if line else "")


def _line(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _stands_behind(name: str, first: int, number: int, facts: Facts) -> bool:
    """Whether cell `number` stopped in front of a line that gives the name its value, or a part of it, and the name had
    one before that, from cell `first` on."""
    cell = facts.cells[number]
    tree = parsed(cell.source) if cell.status == "error" and _line(cell.line) else None
    if tree is None:
        return False
    line = _line(cell.line) + len(cell.source) - len(cell.source.lstrip("\n"))  # lines that Jupyter takes away first
    ahead = [node for node in tree.body if node.lineno > line or (_at_once(node) and covers(node, line))]
    before = number > first or any(name in _changed(node) for node in tree.body if (node.end_lineno or 0) < line)
    return before and any(name in _changed(node) for node in ahead)


def _at_once(node: ast.stmt) -> bool:
    """Whether a statement that stopped changed nothing."""
    return isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign))


def _changed(node: ast.stmt) -> set[str]:
    """The names to which a statement gives a value, or a new part."""
    stored = (part for part in ast.walk(node) if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store))
    return {name for name, _ in names_bound([node])} | {p.value.id for p in stored if isinstance(p.value, ast.Name)}
