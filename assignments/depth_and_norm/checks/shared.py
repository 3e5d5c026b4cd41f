"""What several checks ask: a choice of letters, numbers in numpy, rows that stand alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.judge import Student, StudentRaised, expect

Array = np.ndarray[Any, np.dtype[np.float64]]


def chosen(student: Student, key: str, *, offered: str) -> frozenset[str]:
    """The letters of answers[key]. Who numbers the choices from 1 means the same."""
    said = student.entry("answers", key)
    if isinstance(said, (list, tuple, set, frozenset)) and said and all(type(part) is int for part in said):
        said = [offered[part - 1] if 0 < part <= len(offered) else "?" for part in said]
    return expect.letters(said, offered=offered, what=f'answers["{key}"]')


def stays_apart(student: Student, name: str, one: Sequence[Any], other: Sequence[Any]) -> None:
    """Arguments stay as they were; a second call agrees, also after one with other arguments."""
    first, after = student.with_inputs(name, *one)
    expect.unharmed(list(one), after, what=f"an argument of {name}")
    moved = getattr(student, name)(*other)
    again = getattr(student, name)(*one)
    expect.same(first, again, what=f"{name} called again with the same arguments", hint="does it keep something?")
    kept, changed = (expect.array(part, what=f"{name}(...)") for part in (first, moved))
    expect.true(
        kept.shape != changed.shape or bool((kept != changed).any()), f"{name} gives the same for all arguments."
    )


def rows_stay(student: Student, name: str, given: Sequence[Any]) -> None:
    """Rows that are given stay as they were. Who cannot take them at all loses the check about rows, and not this."""
    try:
        _, after = student.with_inputs(name, *given)
    except StudentRaised:
        return
    expect.unharmed(list(given), after, what=f"an argument of {name}, with several rows,")


def digits(value: Any, exact: Array, *, what: str) -> None:
    """float64 digits are kept: what is right to five digits is right to nine. A wrong formula costs its own check."""
    found = expect.numbers(value, exact.shape, what=what)
    error, size = np.abs(found - exact).max(), np.abs(exact).max()
    lost = bool(error <= 1e-4 * size) and (rounded(found) or bool(error > 1e-9 * size))
    expect.true(not lost, f"{what} has lost the digits of float64.", "is something converted to float32 on the way?")


def rounded(numbers: Array) -> bool:
    """Whether these numbers went through single precision."""
    return bool((numbers.astype(np.float32).astype(np.float64) == numbers).all())


def rows_alone(call: Callable[[Array, Array], Any], g: Array, x: Array, *, what: str) -> None:
    """Each row of a batch gets what it gets alone, to the last digits that it has there."""
    together = expect.numbers(call(g, x), g.shape, what=what)
    expect.true(bool(np.abs(together).max() > 1e-9), f"{what} is 0 for generic arguments.")
    hint = "sums and means go along the last axis, and keep it: keepdims=True"
    for row in range(len(g)):
        alone = expect.numbers(call(g[row], x[row]), g[row].shape, what=f"{what} for a single vector", hint=hint)
        expect.close(together[row], alone, what=f"a row of {what}, against the row alone,", hint=hint,
                     rtol=1e-5 if rounded(alone) else 1e-9)  # fmt: skip
