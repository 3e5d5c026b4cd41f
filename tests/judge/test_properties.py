"""What every function of numbers does: any formula passes, and each slip is told in words of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from autograder.errors import Feedback
from autograder.judge import Student, in_process, properties

X = torch.tensor([0.3, -1.2, 2.5], dtype=torch.float64)
Y = torch.tensor([1.1, 0.4, -0.7], dtype=torch.float64)
D = torch.tensor([0.5, 0.9, -1.3], dtype=torch.float64)
Function = Callable[[torch.Tensor], Any]


def student(f: Function) -> Student:
    return in_process({"f": f})


def writes(x: torch.Tensor) -> torch.Tensor:
    x += 1
    return 2 * x


def counting() -> Function:
    calls: list[int] = []
    return lambda x: (calls.append(1), x * len(calls) + 1)[1]


def judged(f: Function) -> None:
    properties.no_side_effects(student(f), "f", (X.clone(),), (Y.clone(),))
    properties.keeps_precision(student(f), "f", lambda step: (X + step * D,))


@pytest.mark.parametrize(
    "f", [torch.tanh, lambda x: (x**2, x.exp()), lambda x: (x.sin() * x).sum(), lambda x: 7 * x - 1]
)
def test_right_and_wrong_formulas_pass_alike(f: Function) -> None:
    """Nothing is compared with a reference; one result or several."""
    judged(f)


SLIPS = [
    (writes, "argument"),
    (counting(), "called twice"),
    (lambda x: x, "hands back one of its arguments"),
    (lambda x: torch.ones_like(x) * 3, "the same for all arguments"),
    (lambda x: x.float().tanh(), "float"),
    (lambda x: x.float().tanh().to(x.dtype), "loses digits"),
    (lambda x: x.tanh().double(), "float"),
    (lambda x: (x**2, x.float().exp().to(x.dtype)), "loses digits"),
    (lambda x: x[:0], "the same for all arguments"),
]


@pytest.mark.parametrize(("f", "says"), SLIPS)
def test_each_slip_is_told_in_its_own_words(f: Function, says: str) -> None:
    """Changed arguments, memory between calls, an echo, a constant, single precision outside or on the way, nothing."""
    with pytest.raises(Feedback, match=says):
        judged(f)


@pytest.mark.parametrize("got", [torch.zeros(3), torch.full((3,), 2.0), torch.tensor([1.0, torch.nan, 2.0]), X[:2]])
def test_what_proves_nothing_is_not_alive(got: torch.Tensor) -> None:
    """Zeros, one number everywhere, gaps, another shape."""
    with pytest.raises(Feedback):
        properties.alive(got, (3,), what="it")
    assert properties.alive(X, (3,), what="it").tolist() == X.tolist()
