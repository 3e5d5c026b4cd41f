"""Operators on whole statements: left out, exchanged, one step too few."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.audit.mutants.table import Changed, Site, built, operator


@operator("a statement left out", ast.Expr, ast.AugAssign, ast.Assign, ast.If)
def dropped(node: ast.stmt, site: Site) -> Iterator[Changed]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Assign) and not _again(node, site):
        return
    if isinstance(node, ast.If) and node.orelse:
        return
    yield [ast.Pass()]


def _again(node: ast.Assign, site: Site) -> bool:
    """Whether what is assigned is there without this statement as well."""
    target = node.targets[0]
    if isinstance(target, (ast.Subscript, ast.Attribute)):
        return True
    if not isinstance(target, ast.Name) or site.function is None:
        return False
    before = [part.id for part in ast.walk(site.function) if isinstance(part, ast.Name)
              and isinstance(part.ctx, ast.Store) and part.lineno < node.lineno]  # fmt: skip
    return target.id in [*before, *(one.arg for one in site.function.args.args)]


@operator("assigned instead of added", ast.AugAssign)
def augmented(node: ast.AugAssign, site: Site) -> Iterator[Changed]:
    yield ast.Assign([node.target], node.value)
    if isinstance(node.op, (ast.Add, ast.Sub)):
        yield ast.AugAssign(node.target, ast.Sub() if isinstance(node.op, ast.Add) else ast.Add(), node.value)


@operator("a loop that leaves out its first or last step", ast.For)
def shorter(node: ast.For, site: Site) -> Iterator[Changed]:
    for template in ("list(A)[1:]", "list(A)[:-1]", "list(A)[:1]"):
        yield ast.For(node.target, built(template, A=node.iter), node.body, node.orelse)


@operator("a loop that goes on or stops", ast.Break, ast.Continue)
def goes_on(node: ast.stmt, site: Site) -> Iterator[Changed]:
    yield [ast.Pass()]
    yield ast.Continue() if isinstance(node, ast.Break) else ast.Break()


@operator("returned too early", ast.Return)
def early(node: ast.Return, site: Site) -> Iterator[Changed]:
    """Parts of a tuple exchanged, where they are of the same form."""
    if isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
        a, b = node.value.elts
        if site.seen(a).kinds == site.seen(b).kinds:
            yield ast.Return(ast.Tuple([b, a], ast.Load()))


@operator("changed before it is used, or after", ast.For, ast.While, ast.With)
def moved(node: ast.For | ast.While | ast.With, site: Site) -> Iterator[Changed]:
    """Two neighbouring statements of a body exchanged."""
    for index in range(len(node.body) - 1):
        a, b = node.body[index : index + 2]
        if isinstance(a, _SIMPLE) and isinstance(b, _SIMPLE) and _depend(a, b):
            fields = dict(ast.iter_fields(node))
            fields["body"] = [*node.body[:index], b, a, *node.body[index + 2 :]]
            yield type(node)(**fields)


_SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign)


def _depend(a: ast.stmt, b: ast.stmt) -> bool:
    """Whether it may matter which of two statements comes first."""
    (stored, read), (stored_too, read_too) = _names(a), _names(b)
    return bool(stored & read_too or stored_too & read or (isinstance(a, ast.Expr) and isinstance(b, ast.Expr)))


def _names(node: ast.stmt) -> tuple[set[str], set[str]]:
    """(what it gives a value, what it reads)."""
    names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    stored = {part.id for part in names if isinstance(part.ctx, ast.Store)}
    return stored, {part.id for part in names if isinstance(part.ctx, ast.Load)}
