"""What the checks of several parts use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.judge import Feedback, Student, expect

Array = np.ndarray[Any, np.dtype[np.float64]]


def letter(value: Any, names: Mapping[str, str], *, offered: str, what: str) -> frozenset[str]:
    """A choice as a set of letters; one of `names` counts as its letter."""
    parts = [value] if isinstance(value, str) else value
    if isinstance(parts, (list, tuple, set, frozenset)) and len(parts) == 1:
        (only,) = parts
        if isinstance(only, str) and only.strip().lower().replace(" ", "") in names:
            return frozenset(names[only.strip().lower().replace(" ", "")])
    return expect.letters(value, offered=offered, what=what)


def answered(student: Student, key: str) -> Any:
    """What the table `answers` holds for a question."""
    return student.entry("answers", key)


def words(value: Any, offered: tuple[str, ...], *, what: str) -> frozenset[str]:
    """A set of some of the offered words, from a set, list, tuple or a single word. Raises Feedback."""
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, (set, frozenset, list, tuple)) or not parts:
        raise Feedback(f"{what} should be a set of words.", "which of the two losses?")
    return frozenset(
        expect.one_of(part.strip().lower() if isinstance(part, str) else part, offered, what=f"a word in {what}")
        for part in parts
    )


def digits_kept(value: Any, *, what: str) -> None:
    """Numbers that float32 cannot hold. A wrong formula in double precision passes, and costs its own check."""
    found = expect.numbers(value, what=what)
    expect.true(
        bool((found.astype(np.float32).astype(np.float64) != found).any()),
        f"{what} has lost the digits of float64.",
        "is something converted to float32 on the way?",
    )


def linear(got: Array, parts: list[Array], *, what: str) -> Array:
    """The coefficients with which `got` is made of `parts`, entry by entry. Raises Feedback where it is not."""
    basis = np.stack([part.ravel() for part in parts], axis=1)
    found: Array = np.asarray(np.linalg.lstsq(basis, got.ravel(), rcond=None)[0], dtype=np.float64)
    off = float(np.abs(basis @ found - got.ravel()).max())
    expect.true(
        off < 1e-6 * max(1.0, float(np.abs(got).max())),
        f"{what} is not made of its inputs entry by entry.",
        "a sum of multiples of the inputs, the same multiples for every entry; no randomness of its own",
        f"off {off:.3g}",
    )
    return found
