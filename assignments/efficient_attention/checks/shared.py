"""What several checks use: costs compared by growth, and lengths at which an n x n matrix has no room."""

from __future__ import annotations

import contextlib
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


def strays(cost: Callable[..., Any], want: Cost, rays: Iterable[Ray], *, what: str, number: type = int) -> bool:
    """Whether the student's cost grows otherwise than `want` along one of the rays."""
    for ray in rays:
        steps = [[number(base * t**power) for base, power in ray] for t in (_NEAR, _FAR)]
        mine = [_log(cost, sizes, what) for sizes in steps]
        ours = [math.log(want(*sizes)) for sizes in steps]
        if abs((mine[1] - mine[0]) - (ours[1] - ours[0])) > _SLACK * math.log(_FAR / _NEAR):
            return True
    return False


def grows(
    cost: Callable[..., Any], wants: Sequence[Cost], rays: Sequence[Ray], *, what: str, message: str, hint: str
) -> None:
    """The cost grows along all rays as one of `wants` does. Raises Feedback.

    Sizes are so large that products of numpy's whole numbers wrap around. Who counts with these has the growth right
    all the same, so whoever strays is asked once more, with the same sizes as floats."""
    told: Exception = Feedback(message, hint)
    try:
        if not all(strays(cost, want, rays, what=what) for want in wants):
            return
    except (Feedback, StudentRaised) as error:
        told = error
    with contextlib.suppress(Feedback, StudentRaised):
        if not all(strays(cost, want, rays, what=what, number=float) for want in wants):
            return
    raise told


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


def in_linear_room(
    student: Student, name: str, case: list[Any], short: list[Any], values: int, want: Callable[..., Any], *,
    message: str, hint: str, cheap: list[Any] | None = None, sort: str = "long",
) -> None:  # fmt: skip
    """A long call finds room, and is right if a `short` one is: nothing is left out where there is much.

    A wrong formula costs its own check. It keeps this one where each query has a say in its result, and each half of
    the values, of which the place is given, with its keys: an argument handed back, a mean or noise saved no memory.
    `cheap`: a case of the same lengths that takes less time, for the calls which ask that."""
    call = getattr(student, name)
    what = f"{name}(...) for a {sort} input"
    rows = np.unique(np.linspace(0, len(case[0]) - 1, 64).astype(int))
    ours = np.asarray(want(case[0][rows], *case[1:]))
    got = in_room(lambda: call(*case), message=message, hint=hint)
    whole = expect.numbers(got, (len(case[0]), *ours.shape[1:]), what=what)
    if near(whole[rows], ours):
        return
    if near(call(*short), want(*short)):
        raise Feedback(f"{name} is right for small inputs and wrong for {sort} ones.", "is something left out or cut?")
    if cheap is not None:
        case, whole = cheap, expect.numbers(call(*cheap), whole.shape, what=what)
    expect.same(whole, call(*case), what=f"{what}, called twice", hint=_KEPT)
    half = len(case[values]) // 2
    for place, part in ((0, slice(None)), (values, slice(half)), (values, slice(half, None))):
        moved = expect.numbers(call(*_turned(case, place, part)), whole.shape, what=what)
        mine = "its queries" if place == 0 else "some of its values"
        rounding = 1e-6 * np.abs(whole).max(axis=1, keepdims=True)  # a sum in another order is the same sum
        differs = np.abs(moved - whole) > rounding
        changed = float(differs.any(axis=1).mean()) > 0.5
        expect.true(changed, f"{what} does not depend on {mine}.", "a result that saves memory is still a result")


def near(got: Any, want: Any) -> bool:
    """Whether numbers are the right ones; for long sums in float32 too, which cost a check of their own."""
    mine, ours = expect.array(lone(got), what="the result"), np.asarray(want, dtype=np.float64)
    return mine.shape == ours.shape and bool((np.abs(mine - ours) <= 1e-3 * np.abs(ours).max()).all())


def _turned(case: list[Any], place: int, part: slice) -> list[Any]:
    """The same arguments, with this part of one of them the other way round: last row first."""
    other = case[place].copy() if isinstance(case[place], np.ndarray) else case[place].clone()
    other[part] = case[place][part][::-1] if isinstance(other, np.ndarray) else case[place][part].flip(0)
    return [*case[:place], other, *case[place + 1 :]]


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


def not_handed_back(got: Array, given: Iterable[Any], *, what: str) -> None:
    """The result is no argument, nor the transpose of one: such a one is unharmed, and proves nothing."""
    for part in given:
        if isinstance(part, (np.ndarray, torch.Tensor)):
            own = np.asarray(part)
            echo = any(got.shape == side.shape and bool((got == side).all()) for side in (own, own.T))
            expect.true(not echo, f"{what} hands back one of its arguments.")


def both(reply: Any, *, what: str, hint: str) -> list[Any]:
    """The two things in a tuple or list, or in an array whose first axis tells them apart."""
    if isinstance(reply, (np.ndarray, torch.Tensor)) and reply.ndim > 1 and len(reply) == 2:
        return list(reply)
    return expect.parts(reply, 2, what=what, hint=hint)


def digits(value: Any, want: Any, *, what: str) -> None:
    """Numbers that are right are right to the digits of float64. Wrong ones pass, and cost their own check."""
    ours = np.asarray(want, dtype=np.float64)
    found = expect.numbers(lone(value), what=what)
    if found.shape == ours.shape:
        error = float(np.abs(found - ours).max()) / float(np.abs(ours).max())
        expect.true(not 1e-11 < error < 1e-4, f"{what} has lost the digits of float64.", _SINGLE, f"error {error}")


def still_right(name: str, *calls: tuple[Any, Any]) -> None:
    """Of calls with arguments of the same shapes, as (got, wanted), the last is right if the first is: what is kept of
    one argument shows when another one comes. Ask it of shapes that no other check has."""
    at_first, later = (near(*call) for call in calls)
    expect.true(later or not at_first, f"{name} is right at first, and wrong for other arguments like them.", _KEPT)


def stands_alone(student: Student, name: str, one: list[Any], other: list[Any], want: Callable[..., Any]) -> None:
    """Arguments stay as they were, a second call gives the same, others of the same shapes give something else, right
    where the first was right, and results that are right are so to the digits of float64."""
    first, after = student.with_inputs(name, *one)
    expect.unharmed(one, after, what=f"an argument of {name}")
    numbers = expect.numbers(first, what=f"{name}(...)")
    varied(first, numbers.shape, what=f"{name}(...)")
    not_handed_back(numbers, one, what=f"{name}(...)")
    call = getattr(student, name)
    expect.same(first, call(*one), what=f"{name} called twice with the same arguments", hint=_KEPT)
    moved = expect.numbers(call(*other), what=f"{name}(...)")
    changed = moved.shape != numbers.shape or bool((moved != numbers).any())
    expect.true(changed, f"{name} gives the same for other arguments.", _KEPT)
    still_right(name, (first, want(*one)), (moved, want(*other)))
    digits(first, want(*one), what=f"{name}(...)")
