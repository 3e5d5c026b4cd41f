"""Operators on numbers, comparisons, constants and indices: what every language has."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.audit.mutants.table import Changed, Site, built, called, literal, operator, whole_number

_OTHER: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,), ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,), ast.FloorDiv: (ast.Div,),
}  # fmt: skip
_COMMUTES = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr)
_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt,), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt,),
    ast.Eq: (ast.NotEq, ast.GtE), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}  # fmt: skip


@operator("another arithmetic operation", ast.BinOp)
def arithmetic(node: ast.BinOp, site: Site) -> Iterator[Changed]:
    if site.seen(node.left).number and site.seen(node.right).number:
        for other in _OTHER.get(type(node.op), ()):
            yield ast.BinOp(node.left, other(), node.right)
        if isinstance(node.op, ast.FloorDiv):
            yield built("-(-A // B)", A=node.left, B=node.right)


@operator("a term or factor left out", ast.BinOp)
def dropped_operand(node: ast.BinOp, site: Site) -> Iterator[Changed]:
    whole = site.seen(node)
    if not whole.number or isinstance(node.op, (ast.MatMult, ast.Mod)):
        return
    if site.seen(node.left).shapes == whole.shapes:
        yield node.left
    if isinstance(node.op, _COMMUTES) and site.seen(node.right).shapes == whole.shapes:
        yield node.right


@operator("operands exchanged", ast.BinOp)
def exchanged(node: ast.BinOp, site: Site) -> Iterator[Changed]:
    if isinstance(node.op, (ast.Sub, ast.Div, ast.MatMult, ast.Pow)) and site.seen(node.left).number:
        yield ast.BinOp(node.right, node.op, node.left)


@operator("another comparison", ast.Compare)
def comparison(node: ast.Compare, site: Site) -> Iterator[Changed]:
    if len(node.ops) == 1:
        for other in _COMPARED[type(node.ops[0])]:
            if other is not ast.GtE or site.seen(node.left).number:
                yield ast.Compare(node.left, [other()], node.comparators)


@operator("`and` for `or`, or a condition left out", ast.BoolOp)
def boolean(node: ast.BoolOp, site: Site) -> Iterator[Changed]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for index in range(len(node.values)):
        rest = [*node.values[:index], *node.values[index + 1 :]]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


@operator("a sign or `not` left out", ast.UnaryOp)
def sign(node: ast.UnaryOp, site: Site) -> Iterator[Changed]:
    if whole_number(node) is None:
        yield node.operand


@operator("a sign too many", ast.BinOp, ast.Call)
def negated(node: ast.expr, site: Site) -> Iterator[Changed]:
    seen = site.seen(node)
    if isinstance(node, ast.Call) and called(node) in ("zeros", "zeros_like"):
        return
    if site.result and seen.kinds and seen.number and "bool" not in {*seen.kinds, *seen.dtypes}:
        yield built("-A", A=node)


@operator("a number off by one, or another factor", ast.Constant)
def constant(node: ast.Constant, site: Site) -> Iterator[Changed]:
    if type(node.value) is bool:
        yield ast.Constant(not node.value)
    elif type(node.value) is int:
        yield literal(node.value + 1)
        if node.value > 0:
            yield literal(node.value - 1)
    elif type(node.value) is float:
        yield literal(node.value * 2 if node.value else 1.0)
        if node.value and abs(node.value) < 1:
            yield literal(0.0)


@operator("an index moved by one", ast.Subscript)
def index(node: ast.Subscript, site: Site) -> Iterator[Changed]:
    inner = node.slice
    if not isinstance(node.ctx, ast.Load):
        return
    if isinstance(inner, (ast.Name, ast.BinOp)) and site.seen(inner).kinds == {"int"}:
        yield ast.Subscript(node.value, built("A - 1", A=inner), ast.Load())
    if whole_number(inner) in (0, -1):
        yield ast.Subscript(node.value, literal(-1 if whole_number(inner) == 0 else 0), ast.Load())


@operator("a slice that begins or ends elsewhere", ast.Slice)
def slices(node: ast.Slice, site: Site) -> Iterator[Changed]:
    if node.lower is not None and node.upper is None:
        yield ast.Slice(None, ast.UnaryOp(ast.USub(), node.lower), node.step)
    if node.upper is not None and node.lower is None and isinstance(node.upper, ast.UnaryOp):
        yield ast.Slice(node.upper.operand, None, node.step)
    if node.lower is not None:
        yield ast.Slice(None, node.upper, node.step)
    if node.upper is not None:
        yield ast.Slice(node.lower, None, node.step)
        yield ast.Slice(node.lower, built("A + 1", A=node.upper), node.step)
    if node.step is not None:
        yield ast.Slice(node.lower, node.upper, None)


@operator("a condition turned, or always or never true", ast.If, ast.IfExp, ast.While)
def condition(node: ast.If | ast.IfExp | ast.While, site: Site) -> Iterator[Changed]:
    if isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
        return
    tests: list[ast.expr] = [ast.UnaryOp(ast.Not(), node.test), ast.Constant(False)]
    for test in (*tests, ast.Constant(True)) if isinstance(node, ast.If) else tests:
        yield type(node)(test, node.body, node.orelse)


@operator("a range that is one short, or backwards", ast.Call)
def ranges(node: ast.Call, site: Site) -> Iterator[Changed]:
    name = getattr(node.func, "id", "")
    if name == "range" and len(node.args) == 1:
        yield built("range(A - 1)", A=node.args[0])
        yield built("range(1, A)", A=node.args[0])
    if name in ("reversed", "sorted", "set") and node.args:
        yield built("list(A)", A=node.args[0])
    if name in ("min", "max") and len(node.args) == 2:
        yield from node.args
