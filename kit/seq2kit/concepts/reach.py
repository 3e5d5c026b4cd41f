"""Recall over a distance: three readers that must give back the first word of a sequence once it has ended."""

from __future__ import annotations

import torch
from torch import Tensor, nn

READERS = ("window of 4", "RNN", "attention")
_WORDS, _WIDTH, _WINDOW = 4, 24, 4


class Window(nn.Module):
    """(b, n) words -> (b, 4) scores, from the last four words alone."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(_WINDOW * _WORDS, _WIDTH), nn.Tanh(), nn.Linear(_WIDTH, _WORDS))

    def forward(self, words: Tensor) -> Tensor:
        """(b, n) -> (b, 4)"""
        scores: Tensor = self.net(nn.functional.one_hot(words[:, -_WINDOW:], _WORDS).float().flatten(1))
        return scores


class Plain(nn.Module):
    """(b, n) words -> (b, 4) scores, from the last state of an RNN with tanh."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.head = nn.RNN(_WORDS, _WIDTH, batch_first=True), nn.Linear(_WIDTH, _WORDS)

    def forward(self, words: Tensor) -> Tensor:
        """(b, n) -> (b, 4)"""
        scores: Tensor = self.head(self.rnn(nn.functional.one_hot(words, _WORDS).float())[0][:, -1])
        return scores


class Attention(nn.Module):
    """(b, n) words -> (b, 4) scores: the last place attends to all places, once."""

    def __init__(self, longest: int = 64) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(_WORDS, _WIDTH), nn.Embedding(longest, _WIDTH)
        self.q, self.k, self.v = (nn.Linear(_WIDTH, _WIDTH) for _ in range(3))
        self.head = nn.Linear(_WIDTH, _WORDS)

    def forward(self, words: Tensor) -> Tensor:
        """(b, n) -> (b, 4)"""
        x = self.words(words) + self.places(torch.arange(words.shape[1]))
        scores = (self.q(x[:, -1:]) @ self.k(x).transpose(1, 2)) / _WIDTH**0.5
        found: Tensor = self.head((torch.softmax(scores, dim=-1) @ self.v(x))[:, 0])
        return found


def recall(reader: str, length: int, seed: int, steps: int = 100) -> float:
    """Share of new sequences of this length of which a trained reader gives back the first word; guessing gives 0.25.

    Raises ValueError for another reader than READERS."""
    if reader not in READERS:
        raise ValueError(f"reader is one of {', '.join(READERS)}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = {READERS[0]: Window, READERS[1]: Plain, READERS[2]: Attention}[reader]()
    drawn = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(steps):
        words = torch.randint(_WORDS, (64, length), generator=drawn)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(words), words[:, 0]).backward()
        optimizer.step()
    fresh = torch.randint(_WORDS, (300, length), generator=drawn)
    with torch.no_grad():
        return float((model(fresh).argmax(-1) == fresh[:, 0]).double().mean())
