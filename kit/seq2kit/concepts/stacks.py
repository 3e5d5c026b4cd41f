"""A language of six words whose best possible loss is known, and a small stack that reads it, causal or not."""

from __future__ import annotations

import torch
from torch import Tensor, nn

WORDS = ("ant", "bee", "cat", "dog", "eel", "fox")
# Row: the word before; each may be followed by two others only.
_FOLLOW = ((1, 2), (2, 3), (3, 4), (4, 5), (5, 0), (0, 1))
LIKELY = 0.75  # of the first of the two
ENTROPY = 0.5623351446188083  # nats per word: -(0.75 ln 0.75 + 0.25 ln 0.25)


def sentences(count: int, length: int, seed: int) -> Tensor:
    """(count, length) word numbers: the first at random, each next one of the two that may follow."""
    drawn = torch.Generator().manual_seed(seed)
    follow = torch.tensor(_FOLLOW)
    words = torch.randint(len(WORDS), (count, 1), generator=drawn)
    for _ in range(length - 1):
        which = (torch.rand(count, 1, generator=drawn) > LIKELY).long()
        words = torch.cat([words, follow[words[:, -1]].gather(1, which)], dim=1)
    return words


def lawful(words: Tensor) -> float:
    """Share of neighbouring pairs in (count, length) that the language allows."""
    follow = torch.tensor(_FOLLOW)
    return float((follow[words[:, :-1]] == words[:, 1:, None]).any(-1).double().mean())


class Stack(nn.Module):
    """Word numbers (b, n) -> base states (b, n, width); `head` turns states into scores of the next word (b, n, 6)."""

    def __init__(self, causal: bool, width: int = 32, longest: int = 16) -> None:
        super().__init__()
        self.causal, self.longest = causal, longest
        self.words, self.places = nn.Embedding(len(WORDS), width), nn.Embedding(longest, width)
        self.block = nn.TransformerEncoderLayer(width, 2, 2 * width, dropout=0.0, batch_first=True)
        self.head = nn.Linear(width, len(WORDS))

    def states(self, words: Tensor) -> Tensor:
        """What the base model gives: (b, n) -> (b, n, width)."""
        n = words.shape[1]
        mask = torch.full((n, n), float("-inf")).triu(1) if self.causal else None
        found: Tensor = self.block(self.words(words) + self.places(torch.arange(n)), src_mask=mask)
        return found

    def forward(self, words: Tensor) -> Tensor:
        """Scores of the word after each place: (b, n) -> (b, n, 6)."""
        scores: Tensor = self.head(self.states(words))
        return scores


def trained(causal: bool, seed: int, steps: int = 100) -> tuple[Stack, float]:
    """(stack, its loss on new sentences in nats per word) after learning to give the next word at each place."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        stack = Stack(causal)
    optimizer = torch.optim.Adam(stack.parameters(), lr=5e-3)
    data, fresh = sentences(2000, 13, seed), sentences(300, 13, seed + 1000)

    def loss(rows: Tensor) -> Tensor:
        return nn.functional.cross_entropy(stack(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())

    for step in range(steps):
        first = 64 * step % 1920
        optimizer.zero_grad()
        loss(data[first : first + 64]).backward()
        optimizer.step()
    with torch.no_grad():
        return stack, float(loss(fresh))


@torch.no_grad()
def written(stack: Stack, count: int, length: int, seed: int) -> Tensor:
    """(count, length) words that the stack writes: the first at random, each next one drawn from its scores."""
    drawn = torch.Generator().manual_seed(seed)
    words = torch.randint(len(WORDS), (count, 1), generator=drawn)
    while words.shape[1] < length:
        chances = torch.softmax(stack(words)[:, -1], dim=-1)
        words = torch.cat([words, torch.multinomial(chances, 1, generator=drawn)], dim=1)
    return words
