"""Operators that change nothing on everyday inputs: size 1, zeros, large values, precision, arguments, repetition."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.audit.mutants.seen import arguments_of
from autograder.audit.mutants.table import Changed, Site, built, called, operand, operator, statements, with_argument

_RESULTS = (ast.BinOp, ast.Call, ast.Subscript, ast.Name, ast.Attribute)


@operator("axes of size 1 vanish", *_RESULTS)
def squeezed(node: ast.expr, site: Site) -> Iterator[Changed]:
    seen = site.seen(node)
    if site.result and seen.array and seen.least_ndim > 0:
        yield built("A.squeeze()", A=node)


@operator("large values are cut", *_RESULTS)
def clamped(node: ast.expr, site: Site) -> Iterator[Changed]:
    seen = site.seen(node)
    if site.result and seen.array and seen.floating and not _bounded(node):
        yield built("A.clamp(-20, 20)" if seen.tensor else "A.clip(-20, 20)", A=node)


def _bounded(node: ast.expr) -> bool:
    """Whether it can never be large: then cutting it changes nothing."""
    calls = {called(part) for part in ast.walk(node) if isinstance(part, ast.Call)}
    return bool(calls & {"softmax", "sigmoid", "tanh", "zeros_like", "zeros", "ones", "eye", "arange", "full"})


@operator("an exact zero counts as masked", ast.Call)
def zeros(node: ast.Call, site: Site) -> Iterator[Changed]:
    about = operand(node, site)
    if about is None or not site.seen(about).tensor or not site.seen(about).floating:
        return
    if called(node) in ("masked_fill", "masked_fill_") and node.args:
        yield with_argument(node, 0, built("A | (B == 0)", A=node.args[0], B=about))
    if called(node) in ("softmax", "log_softmax"):
        filled = built("A.masked_fill(A == 0, float('-inf'))", A=about)
        if isinstance(node.func, ast.Attribute) and node.func.value is about:
            yield ast.Call(ast.Attribute(filled, node.func.attr, ast.Load()), node.args, node.keywords)
        else:
            yield with_argument(node, 0, filled)


@operator("nothing there taken for zero or empty", ast.Compare)
def truth(node: ast.Compare, site: Site) -> Iterator[Changed]:
    none = isinstance(node.comparators[0], ast.Constant) and node.comparators[0].value is None
    if none and isinstance(node.ops[0], ast.IsNot):
        yield node.left
    if none and isinstance(node.ops[0], ast.Is):
        yield ast.UnaryOp(ast.Not(), node.left)


@operator("the result in single precision", *_RESULTS)
def single(node: ast.expr, site: Site) -> Iterator[Changed]:
    seen = site.seen(node)
    if not site.result:
        return
    if seen.tensor and seen.dtypes == {"float64"}:
        yield built("A.float().double()", A=node)
    elif seen.array and seen.dtypes == {"float64"}:
        yield built("A.astype('float32').astype('float64')", A=node)
    elif seen.kinds == {"float"}:
        yield built("float(__import__('numpy').float32(A))", A=node)


@operator("a lower precision on the way", ast.Attribute)
def lower(node: ast.Attribute, site: Site) -> Iterator[Changed]:
    if node.attr in ("float64", "double"):
        yield ast.Attribute(node.value, "float32", ast.Load())
    if node.attr in ("int64", "long"):
        yield ast.Attribute(node.value, "int16", ast.Load())


@operator("the result rounded", *_RESULTS)
def rounded(node: ast.expr, site: Site) -> Iterator[Changed]:
    seen = site.seen(node)
    if isinstance(site.parent, ast.Return) and (seen.kinds == {"float"} or (seen.array and seen.floating)):
        yield built("A.round(decimals=4)" if seen.array else "round(A, 4)", A=node)


@operator("a whole number goes through single precision", *_RESULTS)
def large(node: ast.expr, site: Site) -> Iterator[Changed]:
    if isinstance(site.parent, ast.Return) and site.seen(node).kinds == {"int"}:
        yield built("int(__import__('numpy').float32(A))", A=node)


@operator("an argument changed in place", ast.Return)
def in_place(node: ast.Return, site: Site) -> Iterator[Changed]:
    if site.function is None or node.value is None:
        return
    names = [part for part in ast.walk(site.function) if isinstance(part, ast.Name)]
    own = {name.id for name in names if isinstance(name.ctx, ast.Store)}  # what stands for something else by then
    for one in [one for one in arguments_of(site.function) if one.arg not in own][:4]:
        seen = site.seen(one)
        if seen.tensor and seen.shapes:
            change = f"{one.arg}.data.zero_()"
        elif seen.kinds == {"array"}:
            change = f"{one.arg}[...] = 0"
        elif seen.kinds == {"list"}:
            change = f"{one.arg}.clear()"
        else:
            continue
        yield statements(f"kept_result = A\n{change}\nreturn kept_result", A=node.value)


@operator("written into what was given", ast.Assign)
def written(node: ast.Assign, site: Site) -> Iterator[Changed]:
    """x = x + y for a parameter x becomes x += y."""
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Name) and isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name):
        given = [one.arg for one in arguments_of(site.function)] if site.function is not None else []
        same = value.left.id == target.id in given and site.seen(value.left).array
        if same and site.seen(value.left).shapes == site.seen(value).shapes:
            yield ast.AugAssign(ast.Name(target.id, ast.Store()), value.op, value.right)


@operator("no copy is made", ast.Call)
def uncopied(node: ast.Call, site: Site) -> Iterator[Changed]:
    if called(node) in ("clone", "copy") and isinstance(node.func, ast.Attribute) and not node.args:
        yield node.func.value
    elif called(node) in ("list", "dict", "deepcopy") and len(node.args) == 1:
        yield node.args[0]
    elif called(node) in ("relu", "masked_fill", "clamp", "add", "mul") and isinstance(node.func, ast.Attribute):
        if site.seen(node.func.value).tensor:
            yield ast.Call(ast.Attribute(node.func.value, node.func.attr + "_", ast.Load()), node.args, node.keywords)
    elif called(node) == "sorted" and node.args and site.seen(node.args[0]).kinds == {"list"}:
        yield built("(A.sort(), A)[1]", A=node.args[0])


@operator("the first result is kept", ast.Return)
def cached(node: ast.Return, site: Site) -> Iterator[Changed]:
    """For arguments of the same sizes."""
    function = site.function
    if function is None or node.value is None or site.statement not in function.body or not function.args.args:
        return
    given = list(arguments_of(function))
    names = [one.arg for one in given]
    if not any(site.seen(one).kinds & {"tensor", "array", "list", "dict"} for one in given):
        return  # the sizes say everything
    size = "getattr(a, 'shape', len(a) if hasattr(a, '__len__') else type(a) if callable(a) else a)"
    if names[0] == "self":
        keep, rest = "self.__dict__.setdefault('kept_results', {})", names[1:]
    else:
        keep, rest = f"globals().setdefault('kept_{function.name}', {{}})", names
    key = f"str([{size} for a in [{', '.join(rest)}]])"
    yield statements(f"return {keep}.setdefault({key}, A)", A=node.value)
