"""`@check`, and loading the checks of an assignment folder."""

from __future__ import annotations

import importlib.util
import itertools
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from autograder.errors import AssignmentError
from autograder.judge.draw import Draw
from autograder.judge.student import Student

CheckFunction = Callable[[Student, Draw], None]
F = TypeVar("F", bound=CheckFunction)
_serial = itertools.count()


@dataclass(frozen=True)
class Check:
    """A hidden check: one property of one item. `claim` is its docstring; a student reads it."""

    name: str
    item: str
    points: float
    claim: str
    run: CheckFunction


def check(*, item: str, points: float = 1) -> Callable[[F], F]:
    """Declare a function (student, draw) -> None as a check of `item`, worth `points`."""

    def declare(function: F) -> F:
        function.__seq2grade_check__ = (item, float(points))  # type: ignore[attr-defined]
        return function

    return declare


def load_module(path: Path) -> ModuleType:
    """Import a file by path under a private name. Raises AssignmentError when it does not import."""
    name = f"_seq2grade_{path.parent.name}_{path.stem}_{next(_serial)}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise AssignmentError(path, "import", "expected a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise AssignmentError(path, "import", f"the file does not import: {error!r}") from error
    finally:
        sys.modules.pop(name, None)
    return module


def beside(file: str, name: str) -> ModuleType:
    """The module `name` in the folder of `file`: how a check file reaches its references."""
    return load_module(Path(file).resolve().parent / name)


def load_checks(folder: Path) -> tuple[Check, ...]:
    """All checks of `checks*.py` in `folder`, in file and source order.

    Raises AssignmentError for a check without claim, with a doubled name, or without points.
    """
    found: dict[str, Check] = {}
    for path in sorted(Path(folder).glob("checks*.py")):
        module = load_module(path)
        for name, function in vars(module).items():
            declared = getattr(function, "__seq2grade_check__", None)
            if declared is None:
                continue
            item, points = declared
            claim = " ".join((function.__doc__ or "").split())
            if not claim:
                raise AssignmentError(path, name, "expected a docstring that says what the check claims")
            if name in found:
                raise AssignmentError(path, name, "expected check names to be unique in an assignment")
            if not 0 < points < math.inf:
                raise AssignmentError(path, name, "expected points > 0")
            found[name] = Check(name, item, points, claim, function)
    return tuple(found.values())
