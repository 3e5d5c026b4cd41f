"""Predictions with a confidence, and what came of them.

They are held against what was answered after measuring: a notebook has no key, and predictions earn no points, so that
nothing is to be gained by claiming another confidence than one has.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Prediction = tuple[Collection[str], float]
"""The letters that you believe in, and how sure you are that exactly these are right, from 0 to 1."""


def letters(chosen: Collection[str]) -> frozenset[str]:
    """The letters in a string, list or set, in lower case: "A, c" is the same as {"a", "c"}."""
    return frozenset(c for part in chosen for c in part.lower() if c.isalpha())


def outcomes(
    predicted: Mapping[str, Prediction], answers: Mapping[str, Collection[str]]
) -> tuple[list[str], Array, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    """(ids, confidences (n,), hits (n,)): the questions with a prediction and an answer; a hit is a prediction of
    exactly the letters that were answered after measuring. Raises ValueError for a confidence outside of 0 to 1."""
    ids = [name for name in predicted if name in answers]
    p = np.array([float(predicted[name][1]) for name in ids], dtype=np.float64)
    if p.size and not (p.min() >= 0 and p.max() <= 1):
        raise ValueError("a confidence lies between 0 and 1")
    hits = [letters(predicted[name][0]) == letters(answers[name]) for name in ids]
    return ids, p, np.array(hits, dtype=np.bool_)
