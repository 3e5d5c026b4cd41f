"""Every kind of call that a hidden check makes is one that a public test has made: no regime is a surprise."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.assignments.calls import Recorder, kinds_of, not_shown
from tests.assignments.ready import IDS, trusted

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KNOWN = tomllib.loads((Path(__file__).parent / "not_shown.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("assignment", IDS)
def test_hidden_calls_are_of_kinds_that_public_tests_show(assignment: str) -> None:
    """Beyond what not_shown.toml lists, each class of numbers, number of axes, size 1, None and keyword of a hidden
    call has its like in a public test."""
    known = KNOWN.get(assignment, {})
    found = {
        (item, argument, kind)
        for item, rest in not_shown(trusted(assignment)).items()
        for argument, kinds in rest.items()
        for kind in kinds
        if kind not in known.get(item, {}).get(argument, [])
    }
    assert found == set()


@pytest.mark.parametrize(("value", "kinds"), [
    (torch.ones(2, 1, 3), {"tensor of floats, 3 axes", "an axis of size 1"}),
    (torch.ones(0, dtype=torch.bool), {"tensor of booleans, 1 axes", "an axis of size 0"}),
    (np.arange(3), {"tensor of integers, 1 axes"}),
    (None, {"None"}), (True, {"True"}), (0, {"number", "zero"}), (-2.5, {"number", "negative"}), (3, {"number"}),
    ([], {"list", "empty list"}), ({"a": 1}, {"table"}), ("a", {"text"}), (object(), {"object"}),
])  # fmt: skip
def test_kinds_say_what_is_special(value: object, kinds: set[str]) -> None:
    """An argument is told by its class, its number of axes, and the sizes that are special."""
    assert kinds_of(value) == kinds


def test_a_recorder_tells_calls_from_outside_from_those_inside() -> None:
    """Public tests show what functions ask of one another, too; of hidden calls only the outermost counts."""
    recorder = Recorder()

    def inner(x: object) -> None: ...

    noted = recorder.wrapped("inner", inner)
    outer = recorder.wrapped("outer", lambda y: noted(x=y))
    with recorder.noting(inner=False) as seen:
        outer(None)
    assert seen == {"outer.y": {"None"}}
    with recorder.noting(inner=True) as seen:
        outer(None)
    assert seen == {"outer.y": {"None"}, "inner.x": {"None", "given by name"}}
