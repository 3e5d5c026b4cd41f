"""From which code weights come: a digest of each function and class that took part, kept in the file of the weights.

Weights and layers belong together. Who changes a layer afterwards and keeps the old file hands in a model that nobody
trained. Compared is what the code does: comments, space, docstrings and hints of types are left out.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from types import CodeType, FrameType, FunctionType
from typing import Any

from seq2kit.profiles import profile

_COMMAND = re.compile(r"^[ \t]*[%!?]")
_MOST = 400  # names, of a notebook that defines more than anybody reads


def stamp() -> dict[str, Any]:
    """What is known about the code that runs now: profile, Python, and name -> digest of what it uses of the notebook.

    Never raises: weights without a stamp are better than none."""
    known: dict[str, Any] = {"profile": profile(), "python": _python()}
    try:
        frame: FrameType | None = sys._getframe(1)
        names: set[str] = set()
        space: Mapping[str, Any] = {}
        while frame is not None:
            if frame.f_globals.get("__name__") == "__main__" and "In" in frame.f_globals:
                space = frame.f_globals
                names |= set(_names(frame.f_code))
            if frame.f_locals is not frame.f_globals:  # what a cell does not mention has no part in it
                names |= _classes(frame.f_locals.values())
            frame = frame.f_back
        if space:
            names |= _classes([space[name] for name in names & space.keys()])
            digests = definitions(map(str, space["In"]))
            known["code"] = {name: digests[name] for name in sorted(_used(names, space) & digests.keys())[:_MOST]}
    except Exception:
        known.pop("code", None)
    return known


def changed(stamp: Mapping[str, Any], cells: Iterable[str]) -> list[str]:
    """The names whose code in a notebook's cells is no longer that of the stamp. Empty where that cannot be told."""
    code = stamp.get("code")
    if not isinstance(code, Mapping) or stamp.get("python") != _python():
        return []
    cells = list(cells)
    now, hinted = definitions(cells), definitions(cells, hints=True)  # weights of old have digests with hints
    return [name for name, digest in code.items() if digest not in (now.get(name), hinted.get(name))]


def definitions(cells: Iterable[str], hints: bool = False) -> dict[str, str]:
    """Function and class names defined at the top level of the cells -> digest of their code; the last one counts.

    hints: let those of types count."""
    found: dict[str, str] = {}
    for cell in cells:
        for node in _tree(cell).body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                text = ast.dump(_Bare(hints).visit(node))
                found[node.name] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return found


def _tree(cell: str) -> ast.Module:
    """The syntax tree of a cell, without commands to Jupyter; empty where the cell is no Python."""
    lines = ("pass" if _COMMAND.match(line) else line for line in cell.splitlines())
    for text in (cell, "\n".join(lines)):
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return ast.Module([], [])


class _Bare(ast.NodeTransformer):
    """Takes docstrings away, and unless `hints` the hints in signatures."""

    def __init__(self, hints: bool) -> None:
        self.hints = hints

    def visit(self, node: ast.AST) -> ast.AST:
        self.generic_visit(node)
        if not self.hints and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        if not self.hints and isinstance(node, ast.arg):
            node.annotation = None
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            value = body[0].value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                node.body = body[1:]  # type: ignore[attr-defined]
        return node


def _names(code: CodeType) -> Iterator[str]:
    """All global names that a piece of code may use, inner functions included."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _classes(values: Iterable[Any]) -> set[str]:
    """The notebook's classes among the layers of models that lie in these variables, and its functions."""
    found: set[str] = set()
    for value in list(values):
        layers = value.modules() if hasattr(type(value), "modules") and hasattr(type(value), "state_dict") else [value]
        for layer in layers:
            thing = layer if isinstance(layer, FunctionType) else type(layer)
            if thing.__module__ == "__main__":
                found.add(thing.__qualname__.split(".")[0])
    return found


def _used(names: set[str], space: Mapping[str, Any]) -> set[str]:
    """The functions and classes of the notebook that are reached from these names."""
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        thing = space.get(name)
        if name in reached or getattr(thing, "__module__", None) != "__main__":
            continue
        if isinstance(thing, FunctionType):
            reached.add(name)
            waiting += _names(thing.__code__)
        elif isinstance(thing, type):
            reached.add(name)
            waiting += [base.__name__ for base in thing.__mro__]
            for value in list(vars(thing).values()):
                inner = getattr(value, "__func__", getattr(value, "fget", value))
                if isinstance(inner, FunctionType):
                    waiting += _names(inner.__code__)
    return reached


def _python() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"
