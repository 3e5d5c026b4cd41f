"""How much of a student's reply may stand in a message: what helps, and a few bits at most.

A reply can spell out the hidden inputs: in its shape, in the number of its parts, in a name. So no message shows a
size, a name or a share as it came. Shapes are shown where they are near relatives of the right one, which is what
slips look like; kinds and shares come from short closed lists. The instructor's `detail` has the rest.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

Shape = tuple[int, ...]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
_SHARES = ((0.02, "1 %"), (0.07, "5 %"), (0.175, "10 %"), (0.375, "25 %"), (0.625, "50 %"), (0.875, "75 %"))


def shape(actual: Shape, expected: Shape) -> str:
    """`actual` where it is a near relative of `expected`, else what is wrong with it: at most some 60 answers for
    four axes."""
    if actual in relatives(expected):
        return str(actual)
    if len(actual) != len(expected):
        return "too few axes" if len(actual) < len(expected) else "too many axes"
    wrong = [axis for axis, (mine, ours) in enumerate(zip(actual, expected, strict=True)) if mine != ours]
    return f"another length along axis {wrong[0]}" if len(wrong) == 1 else "other lengths along several axes"


def relatives(expected: Shape) -> set[Shape]:
    """What a slip makes of a shape: two axes swapped, one lost or added, one too long or short by one or as long as
    another one, all in one row, or none at all."""
    n, found = len(expected), {expected, (), (math.prod(expected),), (1, *expected), (*expected, 1), expected[::-1]}
    for i, side in enumerate(expected):
        found.add(expected[:i] + expected[i + 1 :])
        found |= {(*expected[:i], s, *expected[i + 1 :]) for s in {0, 1, side - 1, side + 1, *expected} if s >= 0}
        for j in range(i + 1, n):
            swapped = list(expected)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            found.add(tuple(swapped))
    return found


def slip(rule: Mask, offenders: Collection[tuple[int, int]], present: bool) -> Mask | None:
    """Where weight lies if it breaks `rule` in just these places, for the slips that one meets; None for any other
    pattern. With `present` a place without weight breaks the rule as well."""
    broken = np.zeros_like(rule)
    broken[tuple(np.transpose(list(offenders)))] = True
    for guess in _slips(rule):
        if np.array_equal(guess != rule if present else guess & ~rule, broken):
            return guess if present else broken
    return None


def _slips(rule: Mask) -> Iterator[Mask]:
    """Masks that are taken for `rule`: turned, inverted, moved by one, with or without the diagonal, none at all."""
    n, m = rule.shape
    full, diagonal = np.ones_like(rule), np.eye(n, m, dtype=bool)
    yield from (full, ~full, ~rule, rule[::-1], rule[:, ::-1], rule[::-1, ::-1], rule | diagonal, rule & ~diagonal)
    if n == m:
        yield from (rule.T, ~rule.T)
    for offset in (-1, 0, 1, m - n):
        yield from (np.tril(full, offset), np.triu(full, offset))
    for by, axis in ((1, 0), (-1, 0), (1, 1), (-1, 1)):
        yield np.roll(rule, by, axis)
    yield np.tril(full, -1) | (np.arange(m) == 0)  # the future begins too early, but the first query sees something


def name(given: str, known: Collection[str], otherwise: str) -> str:
    """A name of the student's only where it is one of those that the task asks for."""
    return given if given in known else otherwise


def share(part: float) -> str:
    """How many of all, 0 < part < 1, in steps."""
    return f"about {next((words for most, words in _SHARES if part < most), '90 %')}"
