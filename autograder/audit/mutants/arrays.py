"""Operators of deep learning: axes, masks, shapes, gradients, layers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.audit.mutants.seen import arguments_of
from autograder.audit.mutants.table import (
    Changed,
    Site,
    built,
    called,
    literal,
    operand,
    operator,
    renamed,
    whole_number,
    with_argument,
    with_keyword,
)

_AXES = (
    "sum", "mean", "softmax", "log_softmax", "argmax", "argmin", "max", "min", "amax", "amin", "cumsum", "cumprod",
    "norm", "std", "var", "unsqueeze", "squeeze", "cat", "stack", "flip", "sort", "argsort", "topk", "any", "all",
    "prod", "logsumexp", "concatenate", "expand_dims", "gather", "chunk", "split", "size", "index_select",
    "repeat_interleave", "average", "median",
)  # fmt: skip
_PAIRS = (
    ("mean", "sum"), ("max", "min"), ("amax", "amin"), ("argmax", "argmin"), ("tril", "triu"), ("sin", "cos"),
    ("floor", "ceil"), ("any", "all"), ("zeros", "ones"), ("zeros_like", "ones_like"), ("relu", "gelu"),
    ("tanh", "sigmoid"), ("exp", "expm1"), ("log", "log1p"), ("log10", "log"), ("log2", "log"), ("std", "var"),
    ("softmax", "log_softmax"), ("train", "eval"), ("median", "mean"), ("abs", "square"), ("rand", "randn"),
    ("argsort", "sort"), ("maximum", "minimum"), ("cumsum", "cumprod"), ("append", "extend"), ("norm", "sum"),
)  # fmt: skip
_OTHER_NAMES = dict(_PAIRS) | {b: a for a, b in reversed(_PAIRS)}
_TURNS = ("transpose", "permute", "swapaxes", "t")
_CONVERSIONS = ("float", "int", "bool", "list", "tuple", "dict", "clone", "copy", "asarray", "contiguous", "array")
_SYMMETRIC = ("transpose", "swapaxes", "min", "max", "maximum", "minimum", "add", "mul", "equal", "allclose", "dot")
_DETACHED = ("no_grad", "inference_mode")


@operator("another axis", ast.Call)
def axis(node: ast.Call, site: Site) -> Iterator[Changed]:
    about = operand(node, site)
    ndim = site.seen(about).least_ndim
    ndim += ndim >= 0 and called(node) in ("unsqueeze", "expand_dims")  # they count the axis that they add
    for key in node.keywords:
        if key.arg in ("dim", "axis"):
            for other in _other_axes(whole_number(key.value), ndim):
                yield with_keyword(node, key.arg, literal(other))
    if called(node) in _AXES and node.args:
        for other in _other_axes(whole_number(node.args[-1]), ndim):
            yield with_argument(node, len(node.args) - 1, literal(other))


def _other_axes(known: int | None, ndim: int) -> list[int]:
    if known is None:
        return []
    if ndim < 0:
        return [-1 if known == 0 else 0]
    return [a for a in range(-1, -ndim - 1, -1) if a not in (known, known - ndim)][:2]


@operator("the size of another axis", ast.Subscript)
def other_size(node: ast.Subscript, site: Site) -> Iterator[Changed]:
    number = whole_number(node.slice)
    if isinstance(node.value, ast.Attribute) and node.value.attr == "shape" and number is not None:
        for other in _other_axes(number, site.seen(node.value.value).least_ndim):
            yield ast.Subscript(node.value, literal(other), ast.Load())


@operator("another function of its kind", ast.Call)
def other_name(node: ast.Call, site: Site) -> Iterator[Changed]:
    if (other := _OTHER_NAMES.get(called(node))) and isinstance(node.func, (ast.Attribute, ast.Name)):
        if isinstance(node.func, ast.Name) and other not in ("max", "min", "any", "all", "sum"):
            return
        yield renamed(node, other)


@operator("a call left out", ast.Call)
def dropped_call(node: ast.Call, site: Site) -> Iterator[Changed]:
    about, whole = operand(node, site), site.seen(node)
    if about is None or (called(node) in _CONVERSIONS and site.seen(about).kinds == whole.kinds):
        return
    of_numbers = called(node) in ("float", "int", "abs", "round", "sqrt", "log", "exp") and whole.number
    if of_numbers or (whole.kinds and site.seen(about).like(whole)):
        yield about


@operator("an option left out", ast.Call)
def dropped_option(node: ast.Call, site: Site) -> Iterator[Changed]:
    for key in node.keywords:
        if key.arg is not None:
            yield with_keyword(node, key.arg, None)
    if len(node.args) > 1 and isinstance(node.args[-1], (ast.Constant, ast.UnaryOp)):
        yield with_argument(node, len(node.args) - 1, None)
    if isinstance(node.func, ast.Attribute) and len(node.args) == 1 and whole_number(node.args[0]) is not None:
        yield with_argument(node, 0, None)


@operator("arguments exchanged", ast.Call)
def exchanged_arguments(node: ast.Call, site: Site) -> Iterator[Changed]:
    if called(node) in _SYMMETRIC:
        return
    for index in range(len(node.args) - 1):
        a, b = node.args[index], node.args[index + 1]
        if site.seen(a).kinds and site.seen(a).like(site.seen(b)) and ast.dump(a) != ast.dump(b):
            yield with_argument(with_argument(node, index, b), index + 1, a)


@operator("another variable of the same form", ast.Name)
def other_variable(node: ast.Name, site: Site) -> Iterator[Changed]:
    seen = site.seen(node)
    if not isinstance(node.ctx, ast.Load) or site.function is None or not seen.number or not seen.kinds:
        return
    others = [one.arg for one in arguments_of(site.function) if site.seen(one).like(seen) and one.arg != node.id]
    yield from (ast.Name(name, ast.Load()) for name in others[:2])


@operator("a transposition left out", ast.Call, ast.Attribute)
def no_transposition(node: ast.expr, site: Site) -> Iterator[Changed]:
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT") and site.seen(node.value).least_ndim > 1:
        yield node.value
    if isinstance(node, ast.Call) and called(node) in _TURNS:
        about = operand(node, site)
        if about is not None and site.seen(about).least_ndim > 1:
            yield about


@operator("a transposition too many", ast.BinOp)
def transposed(node: ast.BinOp, site: Site) -> Iterator[Changed]:
    if isinstance(node.op, ast.MatMult):
        for side, other in ((node.left, "A.mT @ B"), (node.right, "A @ B.mT")):
            shapes = site.seen(side).shapes
            if site.seen(side).tensor and any(len(s) > 1 and s[-1] == s[-2] for s in shapes):
                yield built(other, A=node.left, B=node.right)


@operator("a transposition replaced by a new shape", ast.Call)
def reshaped(node: ast.Call, site: Site) -> Iterator[Changed]:
    about = operand(node, site)
    if called(node) in ("transpose", "permute", "swapaxes") and about is not None and site.seen(node).array:
        yield built("A.reshape(B.shape)", A=about, B=node)


@operator("a gradient cut off", ast.BinOp, ast.Call, ast.Name)
def detached(node: ast.expr, site: Site) -> Iterator[Changed]:
    seen = site.seen(node)
    whole = isinstance(site.parent, (ast.Return, ast.Assign, ast.BinOp, ast.Call))
    if isinstance(site.parent, ast.Call) and called(site.parent) in ("len", "float", "int", "isinstance", "item"):
        return
    if seen.tensor and seen.grad and whole and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        yield built("A.detach()", A=node)


@operator("a gradient that is not cut off", ast.Call, ast.With)
def attached(node: ast.Call | ast.With, site: Site) -> Iterator[Changed]:
    if isinstance(node, ast.With):
        names = [called(item.context_expr) for item in node.items if isinstance(item.context_expr, ast.Call)]
        if len(names) == 1 and names[0] in _DETACHED:
            yield list(node.body)
    elif called(node) == "detach" and isinstance(node.func, ast.Attribute):
        yield node.func.value


@operator("another fill value", ast.Call, ast.Attribute, ast.UnaryOp)
def fill(node: ast.expr, site: Site) -> Iterator[Changed]:
    text = ast.unparse(node)
    if text in ("float('-inf')", "-math.inf", "-torch.inf", "-np.inf"):
        yield from (literal(0.0), literal(-1e9), literal(-20.0))
    elif text in ("float('inf')", "math.inf", "torch.inf", "np.inf") and not isinstance(site.parent, ast.UnaryOp):
        yield literal(1e9)


@operator("one layer used for all", ast.ListComp)
def shared(node: ast.ListComp, site: Site) -> Iterator[Changed]:
    first = node.generators[0]
    if isinstance(node.elt, ast.Call) and isinstance(first.iter, ast.Call) and called(first.iter) == "range":
        yield built("[A] * len(B)", A=node.elt, B=first.iter)


@operator("a filter left out", ast.comprehension)
def unfiltered(node: ast.comprehension, site: Site) -> Iterator[Changed]:
    if node.ifs:
        yield ast.comprehension(node.target, node.iter, [], node.is_async)
