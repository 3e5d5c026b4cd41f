"""The table of operators, and what they are made with."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from autograder.audit.mutants.seen import NOTHING, Seen

Changed = ast.AST | list[ast.stmt]
F = TypeVar("F", bound=Callable[..., Iterator[Changed]])


@dataclass(frozen=True)
class Site:
    """Where an operator is tried: the statement and function around, the node above, and what was seen there."""

    facts: Mapping[ast.AST, Seen]
    statement: ast.stmt
    function: ast.FunctionDef | None
    parent: ast.AST

    def seen(self, node: ast.AST | None) -> Seen:
        """What a node was seen to be."""
        return self.facts.get(node, NOTHING) if node is not None else NOTHING

    @property
    def result(self) -> bool:
        """Whether the node is all that a statement returns or assigns."""
        return isinstance(self.parent, (ast.Return, ast.Assign))


@dataclass(frozen=True)
class Operator:
    """`make(node, site)` yields what may stand there instead: a node, or statements for a statement."""

    name: str
    kinds: tuple[type[ast.AST], ...]
    make: Callable[[Any, Site], Iterator[Changed]]


OPERATORS: list[Operator] = []


def operator(name: str, *kinds: type[ast.AST]) -> Callable[[F], F]:
    """Put a function into the table, for nodes of these kinds. Its name is for authors: what went wrong."""

    def enter(make: F) -> F:
        OPERATORS.append(Operator(name, kinds, make))
        return make

    return enter


def built(template: str, **parts: ast.expr) -> ast.expr:
    """An expression from text, in which capital names stand for nodes."""
    tree = _Fill(parts).visit(ast.parse(template, mode="eval").body)
    assert isinstance(tree, ast.expr)
    return tree


def statements(template: str, **parts: ast.expr) -> list[ast.stmt]:
    """The same for statements."""
    return [_Fill(parts).visit(part) for part in ast.parse(template).body]


class _Fill(ast.NodeTransformer):
    def __init__(self, parts: Mapping[str, ast.expr]) -> None:
        self.parts = parts

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.parts.get(node.id, node)


def called(node: ast.Call) -> str:
    """The last name of what is called: softmax for torch.softmax and x.softmax."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def operand(node: ast.Call, site: Site) -> ast.expr | None:
    """What a call is about: the array whose method it is, or the first argument."""
    if isinstance(node.func, ast.Attribute) and site.seen(node.func.value).array:
        return node.func.value
    return node.args[0] if node.args and not isinstance(node.args[0], ast.Starred) else None


def renamed(node: ast.Call, name: str) -> ast.Call:
    """The same call of another function."""
    other: ast.expr = ast.Name(name, ast.Load())
    if isinstance(node.func, ast.Attribute):
        other = ast.Attribute(node.func.value, name, ast.Load())
    return ast.Call(other, node.args, node.keywords)


def with_argument(node: ast.Call, index: int, value: ast.expr | None) -> ast.Call:
    """The same call with another argument at that place; None leaves it out."""
    args = [*node.args[:index], *([value] if value is not None else []), *node.args[index + 1 :]]
    return ast.Call(node.func, args, node.keywords)


def with_keyword(node: ast.Call, name: str | None, value: ast.expr | None) -> ast.Call:
    """The same call with another value of a keyword; None leaves it out."""
    kept: list[ast.keyword] = []
    for key in node.keywords:
        if key.arg != name:
            kept.append(key)
        elif value is not None:
            kept.append(ast.keyword(name, value))
    return ast.Call(node.func, node.args, kept)


def whole_number(node: ast.AST | None) -> int | None:
    """The value of 3 or -3; None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = whole_number(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    return None


def literal(value: int | float) -> ast.expr:
    """A number as it is written."""
    return ast.parse(repr(value), mode="eval").body
