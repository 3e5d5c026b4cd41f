"""With what a function of the notebook was called: the names that the student gave its parameters, shapes and dtypes.

All of it comes from the check and from the submission, nothing from the student's process. No value is told.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from autograder.guest.functions import Elementwise
from autograder.judge.sources import Facts

_WHAT = re.compile(r"([^\W\d]\w*)(\(\.\.\.\))?(?:\.([^\W\d]\w*))?")
_MOST = 8  # arguments that are told
_INSIDE = 3  # parts of a container that are looked at one by one
_LOOKED = 1_000  # and how many of one are looked at to say that all are alike


def given(what: str, asked: dict[str, Any], facts: Facts) -> str:
    """How the notebook's function was called on behalf of which `asked` was sent; "" where no such call was made.
    `what` is what the check calls it: f, Net(...), Net(...).generate."""
    args, kwargs = asked.get("args", asked.get("inputs")), asked.get("kwargs") or {}
    found = _WHAT.fullmatch(what)
    if not found or not isinstance(args, list) or not isinstance(kwargs, dict) or not (args or kwargs):
        return ""
    written = facts.definition(found[1])
    call = _function(written, made=bool(found[2]), method=found[3] or "") if written is not None else None
    if call is None and (written is not None or found[2] or found[3] or not facts.binds(found[1])):
        return ""
    of_class = isinstance(written, ast.ClassDef)
    names = _named(call, args, kwargs, skip_first=of_class and not _is_static(call))
    told = [f"{name} is {kind(value)}" for name, value in names[:_MOST]]
    more = f", and {len(names) - _MOST} more" if len(names) > _MOST else ""
    own = call.name if isinstance(call, ast.FunctionDef) else found[1]
    return f"`{own}`{f' of `{found[1]}`' if of_class else ''}, where {', '.join(told)}{more}."


def _function(written: ast.AST, made: bool, method: str) -> ast.FunctionDef | ast.Lambda | None:
    """The function that is called: of a class its constructor, and of what it made `forward` or that method."""
    if isinstance(written, ast.ClassDef):
        wanted = (method,) if method else ("forward", "__call__") if made else ("__init__",)
        methods = [node for node in written.body if isinstance(node, ast.FunctionDef)]
        return next((node for name in wanted for node in methods if node.name == name), None)
    if isinstance(written, (ast.FunctionDef, ast.Lambda)) and not made and not method:
        return written
    return None


def _is_static(call: ast.FunctionDef | ast.Lambda | None) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "staticmethod" for node in getattr(call, "decorator_list", ()))


def _named(
    call: ast.FunctionDef | ast.Lambda | None, args: list[Any], kwargs: dict[str, Any], skip_first: bool
) -> list[tuple[str, Any]]:
    """Each argument with the parameter that takes it; with its place where none does, or nobody knows."""
    taken = [arg.arg for arg in (*call.args.posonlyargs, *call.args.args)][skip_first:] if call else []
    rest = call.args.vararg.arg if call and call.args.vararg else ""
    pairs = []
    for place, value in enumerate(args):
        named = taken[place] if place < len(taken) else f"*{rest}" if rest else ""
        pairs.append((f"`{named}`" if named else f"argument {place + 1}", value))
    return pairs + [(f"`{name}`", value) for name, value in kwargs.items()]


def kind(value: Any) -> str:
    """What a value is, without the value."""
    if isinstance(value, torch.Tensor):
        return f"a tensor {tuple(value.shape)} of {str(value.dtype).removeprefix('torch.')}"
    if isinstance(value, np.ndarray):
        return f"an array {value.shape} of {value.dtype}"
    if isinstance(value, (list, tuple, frozenset, set)):
        return _container(value)
    if isinstance(value, dict):
        return f"a dictionary of {len(value)}"
    return next((words for kinds, words in _KINDS if isinstance(value, kinds)), "an object")


def _container(value: Any) -> str:
    name = next(words for kinds, words in _CONTAINERS if isinstance(value, kinds))
    inside = list(_parts(value)) if len(value) <= _LOOKED else []
    if len(set(inside)) == 1:
        return f"{name} of {len(value)}, each {inside[0]}"
    return f"{name} of {len(value)}" + (f" ({', '.join(inside)})" if inside and len(inside) <= _INSIDE else "")


def _parts(value: Any) -> Iterator[str]:
    nested = (list, tuple, frozenset, set)
    return ("a list" if isinstance(part, nested) else kind(part) for part in value)


_KINDS: tuple[tuple[Any, str], ...] = (
    (type(None), "None"), (bool, "True or False"), (int, "a whole number"), (float, "a number"), (str, "text"),
    (Elementwise, "a function"),
)  # fmt: skip
_CONTAINERS: tuple[tuple[Any, str], ...] = (
    (list, "a list"), (tuple, "a tuple"), ((frozenset, set), "a set"),
)  # fmt: skip
