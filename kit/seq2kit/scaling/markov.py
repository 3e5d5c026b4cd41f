"""A language whose entropy is known: a first-order Markov chain that visits its tokens with Zipf frequencies.

No model can do better than the entropy rate on average, so a training curve can be held against a true floor.
Zipf visits leave most rows of the transition table rarely seen: that is what makes more data help for long.
All losses are in nats per token.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Tokens = np.ndarray[Any, np.dtype[np.int64]]

VOCAB, ZIPF, CONTRAST, SEED = 256, 1.2, 3.5, 0
_SWEEPS = 2000


@dataclass(frozen=True)
class MarkovSource:
    """A stationary first-order chain over tokens 0 ... V-1, token 0 the most frequent.

    frequencies: (V,), how often each token is visited; transitions: (V, V), row i the law of the token after i.
    """

    frequencies: Array
    transitions: Array

    @property
    def vocab(self) -> int:
        """The number of tokens, V."""
        return len(self.frequencies)

    def uniform_loss(self) -> float:
        """Loss of one who knows nothing: ln V."""
        return float(np.log(self.vocab))

    def unigram_loss(self) -> float:
        """Loss of the best guess that ignores what came before: the entropy of the frequencies."""
        return _entropy(self.frequencies)

    def entropy(self) -> float:
        """The entropy rate, the floor under every model: mean entropy of a row, weighted by its visits."""
        return float(sum(f * _entropy(row) for f, row in zip(self.frequencies, self.transitions, strict=True)))

    def bigram_loss(self) -> float:
        """Loss of the best guess from the last token alone. In a first-order chain nothing else helps, so this
        equals the entropy; it is computed from pair frequencies, as one would for any text."""
        pairs = self.frequencies[:, None] * self.transitions
        return _entropy(pairs.ravel()) - _entropy(pairs.sum(axis=1))

    def sample(self, windows: int, length: int, seed: int) -> Tokens:
        """(windows, length) token ids: independent stretches of the stationary chain, repeatable by `seed`."""
        rng = np.random.Generator(np.random.PCG64(seed))
        start, rows = np.cumsum(self.frequencies), np.cumsum(self.transitions, axis=1)
        tokens = np.empty((windows, length), dtype=np.int64)
        tokens[:, 0] = np.minimum(np.searchsorted(start, rng.random(windows)), self.vocab - 1)
        flat = (rows + np.arange(self.vocab)[:, None]).ravel()  # one increasing list: row i lies in (i, i + 1]
        for step in range(1, length):
            last = tokens[:, step - 1]
            found = np.searchsorted(flat, last + rng.random(windows)) - last * self.vocab
            tokens[:, step] = np.clip(found, 0, self.vocab - 1)
        return tokens


def _entropy(weights: Array) -> float:
    positive = weights[weights > 0]
    return float(-(positive * np.log(positive)).sum())


@lru_cache(maxsize=8)
def zipf_source(vocab: int = VOCAB, zipf: float = ZIPF, contrast: float = CONTRAST, seed: int = SEED) -> MarkovSource:
    """The source of the scaling runs (with the defaults), or a relative of it.

    Token i is visited in proportion to 1 / (i + 1) ** zipf. Transitions start from exp(contrast * normal noise)
    and are rescaled by rows and columns in turn (Sinkhorn) until both kinds of sums are these frequencies, so
    the chain is stationary at them exactly. A larger `contrast` gives a lower entropy.
    """
    if vocab < 2 or contrast < 0:
        raise ValueError(f"expected at least two tokens and contrast >= 0, got {vocab} and {contrast}")
    rank = np.arange(1, vocab + 1, dtype=np.float64)
    frequencies = rank**-zipf / (rank**-zipf).sum()
    kernel = np.exp(contrast * np.random.Generator(np.random.PCG64(seed)).standard_normal((vocab, vocab)))
    columns = np.ones(vocab)
    for _ in range(_SWEEPS):
        rows = frequencies / (kernel @ columns)
        columns = frequencies / (kernel.T @ rows)
    pairs = rows[:, None] * kernel * columns[None, :]
    transitions = pairs / pairs.sum(axis=1, keepdims=True)
    return MarkovSource(frequencies, transitions)
