"""What the check files of the linear RNN share: a generic network, and properties that every function has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from autograder.judge import Draw, Student, beside, expect

ref = beside(__file__, "reference.py")

# A student who works in float32 inside loses the precision check of an item and no other.
ROUGH = 1e-5
# float32 results of several steps, compared with float64 ones
SINGLE = 1e-4


def problem(draw: Draw, T: int, X: int = 3, H: int = 5, Y: int = 4) -> Any:
    """A generic network and data; targets are soft, so the index of a class is not enough."""
    network = draw.tensor(H, H, scale=0.5), draw.tensor(H, X), draw.tensor(Y, H), draw.tensor(H)
    return ref.Problem(*network, draw.tensor(T, X), draw.simplex(T, Y))


def alive(got: Any, shape: tuple[int, ...], *, what: str) -> Any:
    """The result as float64 numbers of this shape. A constant proves nothing, so it raises Feedback."""
    numbers = expect.array(got, what=what)
    expect.shape(numbers, shape, what=what)
    expect.finite(numbers, what=what)
    expect.true(bool(abs(numbers).max() > 1e-6), f"{what} is zero for generic arguments.")
    varied = numbers.size == 1 or numbers.max() > numbers.min()
    expect.true(bool(varied), f"{what} holds one and the same number everywhere.")
    return numbers


def no_side_effects(student: Student, name: str, one: Any, other: Any) -> None:
    """Arguments stay as they were, a second call agrees, and other arguments give another result."""
    first, after = student.with_inputs(name, *one)
    expect.unharmed(list(one), after, what=f"an argument of {name}")
    _not_an_echo(first, one, name)
    second = student.with_inputs(name, *one)[0]
    what = f"{name} called twice with the same arguments"
    expect.same(first, second, what=what, hint="does it keep something between calls?")
    kept, moved = (
        expect.array(part, what=f"{name}(...)") for part in (first, student.with_inputs(name, *other)[0])
    )
    expect.true(
        kept.shape != moved.shape or bool((moved != kept).any()), f"{name} gives the same for all arguments."
    )


def keeps_precision(student: Student, name: str, arguments: Callable[[float], tuple[Any, ...]]) -> None:
    """float32 in, float32 out; and in float64 a step of 1e-10 in the arguments shows in the result.

    arguments(step): the arguments in float64, moved by `step` along one direction.
    """

    def call(given: tuple[Any, ...]) -> Any:
        return student.with_inputs(name, *given)[0]

    _not_an_echo(call(arguments(0.0)), arguments(0.0), name)
    wide, narrow = call(arguments(0.0)), call(tuple(_single(part) for part in arguments(0.0)))
    expect.dtype(wide, torch.zeros(1, dtype=torch.float64), what=f"{name}(...)")
    expect.dtype(narrow, torch.zeros(1, dtype=torch.float32), what=f"{name}(...)")
    expect.close(narrow, expect.array(wide, what=f"{name}(...)"), what=f"{name} in float32", rtol=SINGLE)
    here, near, far = (
        expect.array(call(arguments(step)), what=f"{name}(...)") for step in (0.0, 1e-10, 1e-4)
    )
    slope, fine = abs(far - here).max() / 1e-4, abs(near - here).max() / 1e-10
    expect.true(bool(slope > 1e-6), f"{name} gives the same for all arguments.")
    expect.true(
        bool(0.5 * slope < fine < 2 * slope),
        f"{name} loses digits of float64 on the way.",
        "is some step done in float32? torch.zeros and torch.eye are float32 unless told otherwise",
        f"slope {slope} against {fine}",
    )


def _not_an_echo(got: Any, given: tuple[Any, ...], name: str) -> None:
    """An argument handed back keeps its precision and harms nothing, but proves nothing either."""
    numbers = expect.array(got, what=f"{name}(...)")
    for part in given:
        same = (
            isinstance(part, torch.Tensor) and part.shape == numbers.shape and (part.numpy() == numbers).all()
        )
        expect.true(not same, f"{name} hands back one of its arguments.")


def _single(part: Any) -> Any:
    if isinstance(part, list):
        return [_single(item) for item in part]
    return part.float() if isinstance(part, torch.Tensor) else part
