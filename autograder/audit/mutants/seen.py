"""What the expressions of an answer were seen to be in a warm run: types, shapes, ranges. An operator that would change
nothing on them is left out.

An expression is named by its place in `ast.walk` of the cell."""

from __future__ import annotations

import ast
import contextlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

HOOK = "__seq2grade_seen__"
_MOST_ENTRIES = 20_000  # of an array whose range is looked at
_MOST_SHAPES = 50
_UNTOUCHED = ("annotation", "returns", "decorator_list", "keywords_of_class", "format_spec")
_NUMBERS = frozenset({"tensor", "array", "int", "float", "bool"})


@dataclass(frozen=True)
class Seen:
    """All that one expression was; `kinds` is empty for one that was never computed."""

    kinds: frozenset[str] = frozenset()
    shapes: frozenset[tuple[int, ...]] = frozenset()
    dtypes: frozenset[str] = frozenset()
    grad: bool = False
    high: float = 0.0  # the largest finite absolute value

    @property
    def array(self) -> bool:
        return bool(self.kinds) and self.kinds <= {"tensor", "array"}

    @property
    def tensor(self) -> bool:
        return self.kinds == {"tensor"}

    @property
    def number(self) -> bool:
        """Numbers of any form; also what was never computed, of which nobody knows."""
        return self.kinds <= _NUMBERS

    @property
    def floating(self) -> bool:
        return bool(self.dtypes) and all(name.startswith("float") for name in self.dtypes)

    @property
    def least_ndim(self) -> int:
        return min(map(len, self.shapes), default=-1)

    def like(self, other: Seen) -> bool:
        """Whether one could stand for the other without an exception, as far as was seen."""
        return self.kinds == other.kinds and self.shapes == other.shapes


NOTHING = Seen()


class Watcher:
    """Collects what is seen, in the process that runs the watched code."""

    def __init__(self) -> None:
        self.found: dict[int, dict[str, Any]] = {}

    def __call__(self, number: int, value: Any) -> Any:
        with contextlib.suppress(Exception):  # an object that is odd to look at
            self._note(self.found.setdefault(number, {"kinds": [], "shapes": [], "dtypes": []}), value)
        return value

    def _note(self, entry: dict[str, Any], value: Any) -> None:
        _add(entry["kinds"], kind_of(value))
        if isinstance(value, (torch.Tensor, np.ndarray)):
            _add(entry["shapes"], list(value.shape))
            _add(entry["dtypes"], str(value.dtype).removeprefix("torch."))
            if isinstance(value, torch.Tensor):
                entry["grad"] = bool(entry.get("grad")) or value.requires_grad
                value = value.detach().numpy()
            if 0 < value.size <= _MOST_ENTRIES and value.dtype.kind in "iuf":
                finite = np.abs(value[np.isfinite(value)].astype(np.float64))
                entry["high"] = max(float(entry.get("high", 0.0)), float(finite.max(initial=0.0)))
        elif isinstance(value, (int, float)) and math.isfinite(value):
            entry["high"] = max(float(entry.get("high", 0.0)), abs(float(value)))


def _add(values: list[Any], value: Any) -> None:
    if value not in values and len(values) < _MOST_SHAPES:
        values.append(value)


def kind_of(value: Any) -> str:
    """One word for what a value is."""
    words: tuple[tuple[Any, str], ...] = (
        (torch.nn.Module, "module"), (torch.Tensor, "tensor"), (np.ndarray, "array"), ((bool, np.bool_), "bool"),
        ((int, np.integer), "int"), ((float, np.floating), "float"), (str, "str"), (list, "list"), (tuple, "tuple"),
        (dict, "dict"), (type(None), "none"),
    )  # fmt: skip
    return next((word for kinds, word in words if isinstance(value, kinds)), "other")


def facts_of(found: Mapping[Any, Mapping[str, Any]]) -> dict[int, Seen]:
    """What a watcher found, made of lists, as `Seen`."""
    return {int(number): _fact(entry) for number, entry in found.items()}


def _fact(entry: Mapping[str, Any]) -> Seen:
    shapes = frozenset(tuple(shape) for shape in entry["shapes"])
    grad, high = bool(entry.get("grad")), float(entry.get("high", 0.0))
    return Seen(frozenset(entry["kinds"]), shapes, frozenset(entry["dtypes"]), grad, high)


def numbered(tree: ast.AST) -> dict[ast.AST, int]:
    """Node -> its place."""
    return {node: number for number, node in enumerate(ast.walk(tree))}


def watched(source: str) -> str:
    """The same code, which also hands each of its expressions to HOOK. Raises SyntaxError."""
    tree = ast.parse(source)
    return ast.unparse(ast.fix_missing_locations(_Watch(numbered(tree)).visit(tree)))


class _Watch(ast.NodeTransformer):
    def __init__(self, places: Mapping[ast.AST, int]) -> None:
        self.places = places

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, (ast.JoinedStr, ast.MatchValue, ast.Import, ast.ImportFrom)):
            return node
        wrap = isinstance(node, _LOOKED_AT) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        number = self.places[node]
        self._children(node)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._arguments(node)
        return _handed(number, node) if wrap and isinstance(node, ast.expr) else node

    def _children(self, node: ast.AST) -> None:
        for name, value in ast.iter_fields(node):
            if name in _UNTOUCHED:
                continue
            if name == "func" and isinstance(value, ast.Name):  # super() and the like look at who calls
                continue
            if name == "func" and isinstance(value, ast.Attribute):
                self._children(value)
            elif isinstance(value, list):
                value[:] = [self.visit(part) if isinstance(part, ast.AST) else part for part in value]
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                setattr(node, name, self.visit(value))

    def _arguments(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        start = 1 if ast.get_docstring(node) is not None else 0
        looks: list[ast.stmt] = [
            ast.Expr(_handed(self.places[one], ast.Name(one.arg, ast.Load()))) for one in arguments_of(node)
        ]
        node.body[start:start] = looks


_LOOKED_AT = (
    ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.Call, ast.Name, ast.Attribute, ast.Subscript, ast.Compare, ast.IfExp,
    ast.ListComp, ast.List, ast.Dict,
)  # fmt: skip


def arguments_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.arg]:
    """The parameters of a function that stand for one argument each."""
    yield from (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)


def _handed(number: int, node: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(HOOK, ast.Load()), [ast.Constant(number), node], [])
