"""What kinds of calls a notebook's functions get: by its public tests, and by the hidden checks.

Kinds are coarse on purpose: a class of numbers, a number of axes, an axis of size 1, None, a keyword, an empty list.
What a student has to be shown is that such a call comes, not which."""

from __future__ import annotations

import functools
import inspect
import types
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from autograder.assignment import Assignment
from autograder.audit.fork import quiet
from autograder.audit.quick import judged
from autograder.judge.trusted import Trusted
from autograder.model import Status
from autograder.reference import at_work, reference_namespace

Kinds = dict[str, set[str]]  # "function.argument" -> kinds
SEED = 20


def kinds_of(value: Any) -> set[str]:
    """What is special about an argument, in words."""
    if isinstance(value, np.ndarray):
        value = torch.from_numpy(value) if value.dtype.kind in "fiub" else list(value)
    if isinstance(value, torch.Tensor):
        numbers = "floats" if value.is_floating_point() else "booleans" if value.dtype == torch.bool else "integers"
        sizes = {f"an axis of size {size}" for size in value.shape if size < 2}
        return {f"tensor of {numbers}, {value.ndim} axes"} | sizes
    if value is None or isinstance(value, bool):
        return {str(value)}
    if isinstance(value, (int, float, complex)):
        special = {"zero"} if value == 0 else {"negative"} if isinstance(value, (int, float)) and value < 0 else set()
        return {"number"} | special
    if isinstance(value, (list, tuple, set, frozenset, dict)):
        name = "table" if isinstance(value, dict) else "set" if isinstance(value, (set, frozenset)) else "list"
        return {name, f"empty {name}"} if not value else {name}
    return {"text"} if isinstance(value, str) else {"object"}


class Recorder:
    """Notes the kinds of the arguments of calls while `outermost` or `all` of them are to be noted."""

    def __init__(self) -> None:
        self.seen: Kinds = defaultdict(set)
        self.on, self.inner, self.depth = False, False, 0

    def wrapped(self, name: str, function: Callable[..., Any], skip: int = 0) -> Callable[..., Any]:
        """The same function, noted under a name. skip: arguments in front that are nobody's business (self)."""
        try:
            signature = inspect.signature(function)
        except (TypeError, ValueError):
            return function

        @functools.wraps(function)
        def recorded(*args: Any, **kwargs: Any) -> Any:
            if self.on and (self.inner or not self.depth):
                self._note(name, signature, args, kwargs, skip)
            self.depth += 1
            try:
                return function(*args, **kwargs)
            finally:
                self.depth -= 1

        return recorded

    def _note(self, name: str, signature: inspect.Signature, args: Any, kwargs: Any, skip: int) -> None:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            return
        for place, (argument, value) in enumerate(bound.arguments.items()):
            if place >= skip:
                self.seen[f"{name}.{argument}"] |= kinds_of(value)
        for argument in kwargs:
            self.seen[f"{name}.{argument}"].add("given by name")

    @contextmanager
    def noting(self, inner: bool) -> Iterator[Kinds]:
        """Notes what is called inside: `inner`, also what these functions call of one another."""
        self.seen, self.on, self.inner = defaultdict(set), True, inner
        try:
            yield self.seen
        finally:
            self.on = False


def instrument(assignment: Assignment, space: dict[str, Any], recorder: Recorder) -> None:
    """Put every function and class that an item submits behind the recorder, where the notebook finds it."""
    for name in {name for item in assignment.items for name in item.submits}:
        value = space.get(name)
        if isinstance(value, types.FunctionType):
            space[name] = recorder.wrapped(name, value)
        elif isinstance(value, type):
            for method, function in list(vars(value).items()):
                plain = isinstance(function, types.FunctionType)
                if plain and (not method.startswith("_") or method in ("__init__", "__call__")):
                    setattr(value, method, recorder.wrapped(f"{name}.{method}", function, skip=1))


def calls_of(known: Trusted) -> dict[str, tuple[Kinds, Kinds]]:
    """item -> (kinds of its public tests and of those before, kinds of its hidden checks), of the reference."""
    assignment, recorder, shown = known.assignment, Recorder(), defaultdict(set)
    found: dict[str, tuple[Kinds, Kinds]] = {}
    with at_work(assignment):
        space = reference_namespace(assignment)
        instrument(assignment, space, recorder)
        for item in assignment.items:
            if item.tests is None:
                continue
            with quiet(), recorder.noting(inner=True) as public:
                exec(compile(assignment.cell(item.tests).source, item.tests, "exec", dont_inherit=True), space)
            for key, kinds in public.items():
                shown[key] |= kinds
            with recorder.noting(inner=False) as hidden:
                for check in known.checks_of(item.id):
                    assert judged(check, space, SEED).status is Status.PASSED, check.name
            found[item.id] = {key: set(kinds) for key, kinds in shown.items()}, dict(hidden)
    return found


def not_shown(known: Trusted) -> dict[str, dict[str, list[str]]]:
    """item -> "function.argument" -> kinds of hidden calls that no public test up to its own has made."""
    missing: dict[str, dict[str, list[str]]] = {}
    for item, (public, hidden) in calls_of(known).items():
        rest = {key: sorted(kinds - public.get(key, set())) for key, kinds in sorted(hidden.items())}
        if any(rest.values()):
            missing[item] = {key: kinds for key, kinds in rest.items() if kinds}
    return missing
