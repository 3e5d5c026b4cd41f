"""Answer keys: what a solution assigns, and whether some other text assigns or compares the same."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """The solution of `item` assigns `value` to `target` (source text); `plain` is the value to compare."""

    item: str
    target: str
    value: str
    plain: object

    def is_written_in(self, text: str) -> bool:
        """Whether the text says `target = value` or `target == value`, whatever the spaces and quotes."""
        pattern = rf"(?<!\w){_loosely(self.target)}\s*==?\s*{_loosely(self.value)}(?!\w|\.\w)"
        return re.search(pattern, text.replace("`", "")) is not None


def answer_keys(item: str, code: str) -> tuple[Key, ...]:
    """The constants that a solution region assigns. Code that does not parse has none."""
    return tuple(
        Key(item, ast.unparse(target), ast.unparse(value), _comparable(value))
        for target, value in _assignments(code)
        if _comparable(value) is not None
    )


def gives_key(code: str, key: Key) -> bool:
    """Whether a code cell assigns the key's value to its target, or compares the two: for an open test that
    says `assert n_loads == 10`, or a set written in another order."""
    return any(
        ast.unparse(target) == key.target and _comparable(value) == key.plain
        for target, value in (*_assignments(code), *_comparisons(code))
    )


def _parse(code: str) -> ast.Module:
    try:
        return ast.parse(textwrap.dedent(code))
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _assignments(code: str) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in ast.walk(_parse(code)):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    yield from zip(target.elts, node.value.elts, strict=False)
                else:
                    yield target, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield node.target, node.value


def _comparisons(code: str) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in ast.walk(_parse(code)):
        if isinstance(node, ast.Compare):
            yield node.left, node.comparators[0]
            yield node.comparators[0], node.left


def _comparable(value: ast.expr) -> object:
    """A constant as a value in which writing does not matter; None when it is not constant, or empty."""
    try:
        constant = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError):
        return None
    if isinstance(constant, (bool, int, float)):
        return float(constant)
    if isinstance(constant, str):
        constant = re.findall(r"\w", constant.lower()) if len(constant) < 10 else [constant]
    if isinstance(constant, (list, tuple, set)):
        return frozenset(str(part).lower() for part in constant) or None
    return repr(constant) if constant else None


def _loosely(code: str) -> str:
    """A pattern for the code in which spaces and the kind of quotes do not matter."""
    return r"\s*".join("['\"]" if mark in "'\"" else re.escape(mark) for mark in code if not mark.isspace())
