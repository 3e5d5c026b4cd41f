"""What several checks use: costs compared by growth, and lengths at which an n x n matrix has no room."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch

from autograder.judge import Feedback, Student, StudentRaised, expect

Array = np.ndarray[Any, np.dtype[np.float64]]
Cost = Callable[..., float]
Ray = tuple[tuple[int, int], ...]
"""For each argument of a cost (base, power): along the ray it is base * t ** power."""

# An n x n matrix of float64 takes 115 GB then: beyond the limit of the sandbox and of any machine that grades.
LONG = 120_000
_NEAR, _FAR = 10**4, 10**6
_SLACK = 0.02  # of an exponent; a factor log n has more
_SINGLE = "is something converted to float32 on the way?"
_KEPT = "is something kept from one call to the next, or drawn?"
_NO_ROOM = ("allocate memory", "Unable to allocate", "bad_alloc", "not enough memory")


def _log(cost: Callable[..., Any], sizes: Sequence[int], what: str) -> float:
    value = expect.number(cost(*sizes), what=what)
    expect.true(value > 0, f"{what} is not positive.", "a cost is a positive number")
    return math.log(value)


def strays(cost: Callable[..., Any], want: Cost, rays: Iterable[Ray], *, what: str) -> bool:
    """Whether the student's cost grows otherwise than `want` along one of the rays."""
    for ray in rays:
        steps = [[base * t**power for base, power in ray] for t in (_NEAR, _FAR)]
        mine = [_log(cost, sizes, what) for sizes in steps]
        ours = [math.log(want(*sizes)) for sizes in steps]
        if abs((mine[1] - mine[0]) - (ours[1] - ours[0])) > _SLACK * math.log(_FAR / _NEAR):
            return True
    return False


def grows(
    cost: Callable[..., Any], wants: Sequence[Cost], rays: Sequence[Ray], *, what: str, message: str, hint: str
) -> None:
    """The cost grows along all rays as one of `wants` does. Raises Feedback."""
    if all(strays(cost, want, rays, what=what) for want in wants):
        raise Feedback(message, hint)


def in_room(call: Callable[[], Any], *, message: str, hint: str) -> Any:
    """What `call()` gives; Feedback where the student's process asks for memory that there is not."""
    try:
        return call()
    except StudentRaised as error:
        if error.built_in == "MemoryError" or any(words in error.text for words in _NO_ROOM):
            raise Feedback(message, hint, str(error)) from None
        raise


def lone(value: Any) -> Any:
    """A single number out of an array, tensor or list that holds nothing else; anything else as it is."""
    if isinstance(value, (list, tuple)):
        return lone(value[0]) if len(value) == 1 else value
    if isinstance(value, (np.ndarray, torch.Tensor)) and math.prod(value.shape) == 1:
        return value.reshape(())
    return value


def in_linear_room(student: Student, name: str, case: list[Any], width: int, *, message: str, hint: str) -> None:
    """A long call finds room, and gives each query the same wherever it stands. A wrong formula costs its own check."""
    call = getattr(student, name)
    got = in_room(lambda: call(*case), message=message, hint=hint)
    whole = varied(got, (len(case[0]), width), what=f"{name}(...) for a long input")
    turned = expect.numbers(call(case[0][::-1].copy(), *case[1:]), whole.shape, what=f"{name}(...) for a long input")
    what = f"what {name} gives each query when queries come in another order"
    expect.same(whole[::-1], turned, what=what, rtol=1e-5)


def softmax(scores: Array, axis: int) -> Array:
    """Stable softmax."""
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    result: Array = e / e.sum(axis=axis, keepdims=True)
    return result


def varied(got: Any, shape: tuple[int, ...], *, what: str) -> Array:
    """Numbers of this shape that are not all the same: a constant proves nothing. Raises Feedback."""
    numbers = expect.numbers(got, shape, what=what)
    expect.true(
        numbers.size < 2 or bool(numbers.max() > numbers.min()), f"{what} holds one and the same number everywhere."
    )
    return numbers


def digits(value: Any, want: Any, *, what: str) -> None:
    """Numbers that are right are right to the digits of float64. Wrong ones pass, and cost their own check."""
    ours = np.asarray(want, dtype=np.float64)
    found = expect.numbers(lone(value), what=what)
    if found.shape == ours.shape:
        error = float(np.abs(found - ours).max()) / float(np.abs(ours).max())
        expect.true(not 1e-10 < error < 1e-4, f"{what} has lost the digits of float64.", _SINGLE, f"error {error}")


def stands_alone(student: Student, name: str, one: list[Any], other: list[Any], want: Callable[..., Any]) -> None:
    """Arguments stay as they were, a second call gives the same, others of the same shapes give something else, and
    results that are right are so to the digits of float64."""
    first, after = student.with_inputs(name, *one)
    expect.unharmed(one, after, what=f"an argument of {name}")
    numbers = expect.numbers(first, what=f"{name}(...)")
    varied(first, numbers.shape, what=f"{name}(...)")
    call = getattr(student, name)
    expect.same(first, call(*one), what=f"{name} called twice with the same arguments", hint=_KEPT)
    moved = expect.numbers(call(*other), what=f"{name}(...)")
    changed = moved.shape != numbers.shape or bool((moved != numbers).any())
    expect.true(changed, f"{name} gives the same for other arguments.", _KEPT)
    digits(first, want(*one), what=f"{name}(...)")
