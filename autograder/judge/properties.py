"""What every function of numbers does: it depends on its arguments, leaves them alone, and keeps their digits.

Nothing here is compared with a reference: a wrong formula, computed with care, passes, and costs its own check.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from autograder.judge import expect
from autograder.judge.expect import Array
from autograder.judge.student import Student

# Who works in float32 inside loses the precision check of an item and no other.
ROUGH = 1e-5
# float32 results of several steps, compared with float64 ones
SINGLE = 1e-4
# Eight small steps of the arguments make a straight line; float32 anywhere on the way makes stairs of it.
_STEPS, _NEAR, _FAR = 8, 1e-7, 1e-4
_HINT = "is some step done in float32? torch.zeros, torch.eye and torch.full are float32 unless told otherwise"


def alive(got: Any, shape: tuple[int, ...], *, what: str) -> Array:
    """The result as float64 numbers of this shape. A constant proves nothing, so it raises Feedback."""
    numbers = expect.numbers(got, shape, what=what)
    expect.true(bool(abs(numbers).max() > 1e-6), f"{what} is zero for generic arguments.")
    varied = numbers.size == 1 or bool(numbers.max() > numbers.min())
    expect.true(varied, f"{what} holds one and the same number everywhere.")
    return numbers


def no_side_effects(student: Student, name: str, one: Sequence[Any], other: Sequence[Any] | None = None) -> None:
    """Arguments stay as they were, a second call agrees, and `other` arguments give another result."""
    first, after = student.with_inputs(name, *one)
    expect.unharmed(list(one), after, what=f"an argument of {name}")
    not_an_echo(first, one, what=f"{name}(...)")
    again = student.with_inputs(name, *one)[0]
    moved = first if other is None else student.with_inputs(name, *other)[0]
    for a, b, c in zip(_several(first), _several(again), _several(moved), strict=False):
        expect.same(
            a, b, what=f"{name} called twice with the same arguments", hint="does it keep something between calls?"
        )
        kept, changed = (expect.array(part, what=f"{name}(...)") for part in (a, c))
        different = other is None or kept.shape != changed.shape or bool((kept != changed).any())
        expect.true(different, f"{name} gives the same for all arguments.")


def keeps_precision(student: Student, name: str, arguments: Callable[[float], Sequence[Any]]) -> None:
    """The function `name` keeps the precision of its arguments: see call_keeps_precision."""
    call_keeps_precision(lambda given: student.with_inputs(name, *given)[0], arguments, what=f"{name}(...)")


def call_keeps_precision(
    call: Callable[[Sequence[Any]], Any], arguments: Callable[[float], Sequence[Any]], *, what: str
) -> None:
    """float32 in, float32 out; and in float64 the results follow small steps of the arguments smoothly.

    arguments(step): the arguments in float64, moved by `step` along one direction; call(arguments): the result."""
    narrow = _several(call([in_single(part) for part in arguments(0.0)]))
    here, far = (_several(call(arguments(step))) for step in (0.0, _FAR))
    small = [_several(call(arguments(k * _NEAR))) for k in range(1, _STEPS + 1)]
    for single, at, away, *moved in zip(narrow, here, far, *small, strict=False):
        not_an_echo(at, arguments(0.0), what=what)
        expect.dtype(at, torch.zeros(1, dtype=torch.float64), what=what)
        expect.dtype(single, torch.zeros(1, dtype=torch.float32), what=what)
        shape = expect.numbers(at, what=what).shape
        expect.true(0 not in shape, f"{what} is empty.")
        begin, end, *line = (expect.numbers(part, shape, what=what) for part in (at, away, *moved))
        expect.close(single, begin, what=f"{what} in float32", rtol=SINGLE)
        _straight(begin, line, end, what)


def _straight(begin: Array, line: list[Array], far: Array, what: str) -> None:
    slope, fine = abs(far - begin).max() / _FAR, abs(line[-1] - begin).max()
    expect.true(bool(slope > 1e-6), f"{what} is the same for all arguments.")
    chord = [begin + k / _STEPS * (line[-1] - begin) for k in range(1, _STEPS + 1)]
    bend = max(abs(a - b).max() for a, b in zip(line, chord, strict=True))
    straight = bool(bend < 1e-3 * fine) and bool(0.5 * slope < fine / (_STEPS * _NEAR) < 2 * slope)
    expect.true(straight, f"{what} loses digits of float64 on the way.", _HINT, f"slope {slope}, {fine}, bend {bend}")


def not_an_echo(got: Any, given: Sequence[Any], *, what: str) -> None:
    """An argument handed back keeps its precision and harms nothing, but proves nothing either. Raises Feedback."""
    numbers = [expect.array(part, what=what) for part in _several(got)]
    for part in given:
        if isinstance(part, torch.Tensor):
            same = [own.shape == part.shape and bool((part.detach().numpy() == own).all()) for own in numbers]
            expect.true(not any(same), f"{what} hands back one of its arguments.")


def in_single(part: Any) -> Any:
    """Tensors, and lists of them, in float32; anything else as it is."""
    if isinstance(part, list):
        return [in_single(item) for item in part]
    return part.float() if isinstance(part, torch.Tensor) and part.is_floating_point() else part


def _several(got: Any) -> list[Any]:
    """A returned pair as its parts; a single result, or rows in a list, as one part."""
    if isinstance(got, (tuple, list)) and got and all(isinstance(part, torch.Tensor) for part in got):
        return list(got)
    return [got]
