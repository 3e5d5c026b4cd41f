"""Gradients of word rows: exactly 0 for words that were not drawn, larger for frequent ones, without a direction."""

from __future__ import annotations

import numpy as np
from seq2kit.optimizers import words


def test_shapes_counts_and_zeros() -> None:
    """Each step draws so many words; who was not drawn has no gradient."""
    theta, gradients, counts = words.stream(1, steps=40, words=30, width=3, batch=16)
    assert theta.shape == (30, 3)
    assert gradients.shape == (40, 30, 3)
    assert counts.sum() == 40 * 16
    drawn = (gradients != 0).any(axis=(0, 2))
    assert np.array_equal(drawn, counts > 0)


def test_frequent_words_have_the_larger_squares() -> None:
    """Mean squares fall with the rank of the word as its frequency does."""
    _, gradients, _ = words.stream(2, steps=2000, words=50)
    squares = (gradients**2).mean(axis=(0, 2))
    assert squares[:5].mean() > 5 * squares[-25:].mean()
    assert np.abs(gradients.mean(axis=(0, 2))).max() < 0.01


def test_seeds_differ_and_repeat() -> None:
    """A seed gives one stream, another seed another."""
    one, again, other = (words.stream(seed, steps=3)[1] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
