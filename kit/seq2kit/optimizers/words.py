"""Rows of an embedding and their gradients: frequent words get many large ones, rare words few."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]


def stream(seed: int, steps: int, words: int = 120, width: int = 4, batch: int = 64) -> tuple[Array, Array, Array]:
    """(theta, gradients, counts): rows (words, width) to begin with, gradients (steps, words, width), and how often
    each word was drawn in all.

    Each step draws `batch` words from Zipf's law. A word's gradient is the mean over the batch of what its places say,
    which here is noise without a direction: whatever moves the rows steadily is the penalty or the decay. A word that
    is not in the batch has a gradient of exactly 0.
    """
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, words + 1)
    drawn = rng.multinomial(batch, share / share.sum(), size=steps)
    noise = rng.standard_normal((steps, words, width))
    theta = rng.standard_normal((words, width))
    return theta, np.sqrt(drawn)[:, :, None] * noise / batch, drawn.sum(axis=0).astype(np.float64)
