"""`@check`, and loading the checks of an assignment folder."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import math
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from autograder.assignment import check_files
from autograder.errors import AssignmentError
from autograder.judge.draw import Draw
from autograder.judge.student import Student

CheckFunction = Callable[[Student, Draw], None]
Shows = Callable[[Student], str]
F = TypeVar("F", bound=CheckFunction)
_serial = itertools.count()
_one_at_a_time = threading.Lock()  # Python's own list of caches breaks where two threads empty it


@dataclass(frozen=True)
class Check:
    """A hidden check: one property of one item. `claim` is its docstring; a student reads it. `training`: CPU seconds
    of the training that a pass rests on, as the reference does it (see trained_here.py); 0 for none. `shows` draws what
    was handed in (see pictures.py), whatever the verdict."""

    name: str
    item: str
    points: float
    claim: str
    run: CheckFunction
    training: float = 0.0
    shows: Shows | None = None


def check(*, item: str, points: float = 1, training: float = 0, shows: Shows | None = None) -> Callable[[F], F]:
    """Declare a function (student, draw) -> None as a check of `item`, worth `points`. For the others see Check."""

    def declare(function: F) -> F:
        function.__seq2grade_check__ = (item, float(points), float(training), shows)  # type: ignore[attr-defined]
        return function

    return declare


@contextlib.contextmanager
def _package(folder: Path) -> Iterator[str]:
    """A package that stands for an assignment folder for a while: its files import each other by relative imports, each
    is executed once, and two assignments never meet."""
    name = f"_seq2grade_{folder.name}_{next(_serial)}"
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package
    with _one_at_a_time:
        importlib.invalidate_caches()
    try:
        yield name
    finally:
        for module in list(sys.modules):  # copied at once: other threads import, too
            if module == name or module.startswith(f"{name}."):
                del sys.modules[module]


def _import(package: str, folder: Path, path: Path) -> ModuleType:
    """Import a file below the folder. Raises AssignmentError with the file and line that did not import."""
    dotted = ".".join((package, *path.relative_to(folder).with_suffix("").parts))
    try:
        return importlib.import_module(dotted)
    except AssignmentError:  # of a calibration that is missing
        raise
    except SyntaxError as error:
        told = f"line {error.lineno}: expected Python; SyntaxError: {error.msg}"
        raise AssignmentError(Path(error.filename or path), "import", told) from error
    except (Exception, SystemExit) as error:
        frames = reversed(traceback.extract_tb(error.__traceback__))
        inside = ((Path(frame.filename), frame.lineno) for frame in frames if folder in Path(frame.filename).parents)
        where, line = next(inside, (path, 0))
        told = f"line {line}: " if line else ""
        told += f"the file does not import; {type(error).__name__}: {error}"
        raise AssignmentError(where, "import", told) from error


def load_module(folder: Path, name: str) -> ModuleType:
    """The file `name` of an assignment folder, imported. Raises AssignmentError when it does not import."""
    folder = folder.resolve()
    with _package(folder) as package:
        return _import(package, folder, folder / name)


def file_of(check: Check) -> Path:
    """The file that a check stands in."""
    code = getattr(check.run, "__code__", None)
    return Path(code.co_filename if code is not None else "checks.py")


def line_of(check: Check) -> int:
    """The line on which a check begins, 0 where it is no plain function."""
    return int(getattr(getattr(check.run, "__code__", None), "co_firstlineno", 0))


def load_checks(folder: Path) -> tuple[Check, ...]:
    """All checks of an assignment folder, in file and source order.

    Raises AssignmentError for a check without claim, with a doubled name, or without points.
    """
    folder = folder.resolve()
    found: dict[str, Check] = {}
    with _package(folder) as package:
        for path in check_files(folder):
            module = _import(package, folder, path)
            for name, function in vars(module).items():
                declared = getattr(function, "__seq2grade_check__", None)
                if declared is not None and function.__module__ == module.__name__:  # not one of another file
                    if name in found:
                        raise AssignmentError(path, name, "expected check names to be unique in an assignment")
                    found[name] = _check(path, name, function, declared)
    return tuple(found.values())


def _check(path: Path, name: str, function: CheckFunction, declared: tuple[str, float, float, Shows | None]) -> Check:
    item, points, training, shows = declared
    claim = " ".join((function.__doc__ or "").split())
    if not claim:
        raise AssignmentError(path, name, "expected a docstring that says what the check claims")
    if not 0 < points < math.inf:
        raise AssignmentError(path, name, "expected points > 0")
    if not 0 <= training < math.inf:
        raise AssignmentError(path, name, "expected training in seconds, 0 or more")
    return Check(name, item, points, claim, function, training, shows)
