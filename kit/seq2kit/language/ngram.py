"""The writer to compare with: an n-gram model, which sees the last n - 1 tokens and has counted what came next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class NGram:
    """n; counts: the tokens before (n - 1 of them at most) -> token -> how often it came next."""

    n: int
    counts: dict[tuple[int, ...], Counter[int]]

    def after(self, before: Sequence[int]) -> Counter[int]:
        """What came after the longest end of `before`, of n - 1 tokens at most, that was seen (back-off)."""
        for size in range(min(self.n - 1, len(before)), -1, -1):
            found = self.counts.get(tuple(before[len(before) - size :]))
            if found:
                return found
        raise ValueError("this model has seen no text")

    def sample(self, start: Sequence[int], steps: int, generator: torch.Generator | None = None) -> list[int]:
        """`start` with `steps` tokens more, each drawn as often as it came after those before it."""
        ids = list(start)
        for _ in range(steps):
            found = self.after(ids)
            shares = torch.tensor(list(found.values()), dtype=torch.float64)
            ids.append(list(found)[int(torch.multinomial(shares, 1, generator=generator))])
        return ids


def fitted(ids: Sequence[int], n: int) -> NGram:
    """The n-gram model of a text in numbers, with all shorter ones to fall back to. Raises ValueError for n < 1."""
    if n < 1:
        raise ValueError(f"an n-gram has one token at least, got n = {n}")
    counts: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
    for place, token in enumerate(ids):
        for size in range(min(n, place + 1)):
            counts[tuple(ids[place - size : place])][token] += 1
    return NGram(n, dict(counts))
