"""Two tiny models as tables of scores: a recurrent language model, and a translator with an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import torch
from torch import Tensor


class LanguageModel:
    """A recurrent language model with random weights: `scores(prefix)` are those of the next token after the prefix."""

    def __init__(self, vocabulary: int, seed: int, width: int = 5) -> None:
        drawn = torch.Generator().manual_seed(seed)

        def matrix(*shape: int) -> Tensor:
            return torch.randn(shape, generator=drawn, dtype=torch.float64)

        self.vocabulary = vocabulary
        self.enter, self.keep, self.leave = (
            matrix(vocabulary, width),
            matrix(width, width) / 2,
            matrix(vocabulary, width),
        )
        self.start = matrix(width)

    def scores(self, prefix: Sequence[int], start: Tensor | None = None) -> Tensor:
        """(vocabulary,) scores of the token that follows `prefix`, which may be empty."""
        state = self.start if start is None else start
        for token in prefix:
            state = torch.tanh(self.keep @ state + self.enter[token])
        return self.leave @ state

    def logits(self, tokens: Sequence[int], start: Tensor | None = None) -> Tensor:
        """(T, vocabulary): row t has the scores of token t, given those before it."""
        return torch.stack([self.scores(tokens[:t], start) for t in range(len(tokens))])


class Translator:
    """An encoder that turns a source into a state, and a decoder that begins there."""

    def __init__(self, vocabulary: int, seed: int) -> None:
        self.encoder, self.decoder = LanguageModel(vocabulary, seed), LanguageModel(vocabulary, seed + 1)

    def encode(self, source: Sequence[int]) -> Tensor:
        """(5,) what the encoder hands over: a state, any numbers."""
        state = self.encoder.start
        for token in source:
            state = torch.tanh(self.encoder.keep @ state + self.encoder.enter[token])
        return state

    def logits(self, source: Sequence[int], target: Sequence[int]) -> Tensor:
        """(T, vocabulary): row t has the scores of target token t, given the source and the target tokens before it."""
        return self.decoder.logits(target, self.encode(source))


def every(vocabulary: int, length: int) -> list[tuple[int, ...]]:
    """All sequences of this length."""
    return list(product(range(vocabulary), repeat=length))
