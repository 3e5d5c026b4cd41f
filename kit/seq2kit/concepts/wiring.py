"""Maps from sequences of vectors to such sequences: who hears whom is given, or follows from the kind of network."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

KINDS = ("one-way RNN", "two-way RNN", "causal attention", "full attention")


class Wiring(nn.Module):
    """x (n, d) -> y (n, k), float64, where y[t] hears x[s] if and only if allowed[t][s].

    Each vector goes through tanh(x W) first, so nothing is linear. `weak`: strength of every third connection, beside
    some 1 for the others. With `deaf`, nobody hears the first number of an input, and that of each output is 0."""

    def __init__(
        self, allowed: Sequence[Sequence[bool]], d: int, k: int, *, seed: int = 0, weak: float = 1.0, deaf: bool = False
    ) -> None:
        super().__init__()
        drawn = torch.Generator().manual_seed(seed)
        heard = torch.tensor([[bool(cell) for cell in row] for row in allowed])
        size = 0.5 + torch.rand(heard.shape, generator=drawn, dtype=torch.float64)
        sign = torch.where(torch.rand(heard.shape, generator=drawn) < 0.5, -1.0, 1.0)
        size.view(-1)[::3] *= weak
        self.couple = nn.Parameter(size * sign * heard)
        W = 0.3 * (0.5 + torch.rand(d, k, generator=drawn, dtype=torch.float64))
        if deaf:
            W[0], W[:, 0] = 0.0, 0.0
        self.W = nn.Parameter(W)

    def forward(self, x: Tensor) -> Tensor:
        """(n, d) -> (n, k)"""
        mixed: Tensor = self.couple @ torch.tanh(x @ self.W)
        return mixed


class Recurrent(nn.Module):
    """x (n, d) -> states (n, k): an RNN from left to right or, with `both`, one in each direction, side by side."""

    def __init__(self, d: int, k: int, both: bool) -> None:
        super().__init__()
        self.rnn = nn.RNN(d, k // 2 if both else k, bidirectional=both, dtype=torch.float64)

    def forward(self, x: Tensor) -> Tensor:
        """(n, d) -> (n, k)"""
        states: Tensor = self.rnn(x)[0]
        return states


class Attentive(nn.Module):
    """x (n, d) -> y (n, k): one head of self-attention; with `causal` no position hears a later one."""

    def __init__(self, d: int, k: int, causal: bool) -> None:
        super().__init__()
        self.causal = causal
        self.qkv = nn.Linear(d, 3 * k, dtype=torch.float64)

    def forward(self, x: Tensor) -> Tensor:
        """(n, d) -> (n, k)"""
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        scores = q @ k.T / k.shape[-1] ** 0.5
        if self.causal:
            scores = scores.masked_fill(torch.ones_like(scores, dtype=torch.bool).triu(1), float("-inf"))
        mixed: Tensor = torch.softmax(scores, dim=-1) @ v
        return mixed


def network(kind: str, d: int = 3, k: int = 4, seed: int = 0) -> nn.Module:
    """An untrained network of one of KINDS, (n, d) -> (n, k) in float64; k even. Raises ValueError for another kind."""
    if kind not in KINDS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if kind.endswith("RNN"):
            return Recurrent(d, k, both=kind == "two-way RNN")
        return Attentive(d, k, causal=kind == "causal attention")
