"""Can a network say at the end what it saw at the beginning? The task, the cells, and how they are trained.

A cell of each kind is trained from three starts at once: its weights have a leading axis for the start, and one
product of stacked matrices serves all three. That is several times faster than one after the other.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from seq2kit.profiles import by_profile
from seq2kit.training import Run

KINDS = ("small", "orthogonal", "gru")
LAGS = (5, 10, 20, 50, 100)
SYMBOLS, SIZE, STARTS = 4, 16, 3
SMALL = 0.8  # largest singular value of the recurrent matrix of `small`, before training
NOISE = 0.2
MEMORY = 100  # steps that the gate of a new GRU cell lasts
_BATCH, _RATE, _GATE = 16, 0.01, 3.0
_TESTED = 256
# (what the inputs send (..., B, G H), state (..., B, H), matrix (..., G H, H)) -> next state (..., B, H)
Step = Callable[[Tensor, Tensor, Tensor], Tensor]


def episodes(lag: int, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Inputs (lag + 1, 3, count, 4), steps first, and the symbols that were shown (3, count), for three starts.

    Step 0 shows a symbol, one-hot; the `lag` steps after it show noise."""
    symbols = torch.randint(0, SYMBOLS, (STARTS, count), generator=generator)
    x = NOISE * torch.randn(lag + 1, STARTS, count, SYMBOLS, generator=generator)
    x[0] = nn.functional.one_hot(symbols, SYMBOLS).float()
    return x, symbols


def test_episodes(lag: int) -> tuple[Tensor, Tensor]:
    """256 episodes for each start, the same on every machine, that no training shows."""
    return episodes(lag, _TESTED, torch.Generator().manual_seed(70_000 + lag))


def tanh_step(a: Tensor, h: Tensor, W: Tensor) -> Tensor:
    """The next state of a plain cell: tanh(W h + a), rows as states."""
    return torch.tanh(torch.baddbmm(a, h, W.mT))


class Cells(nn.Module):
    """Three cells of one kind, each with a readout of its last state; `seed` decides how they start.

    step: what one step does. size: numbers in a state. keep: the bias of the update gate; only for `gru`, whose rows
    of W are in the order reset, update, candidate."""

    def __init__(
        self, kind: str, step: Step = tanh_step, *, keep: float = 0.0, seed: int = 0, size: int = SIZE
    ) -> None:  # fmt: skip
        super().__init__()
        if kind not in KINDS:
            raise ValueError(f"a cell is one of {', '.join(KINDS)}, not {kind!r}")
        self.step = step
        random = torch.Generator().manual_seed(seed)
        W = torch.randn(STARTS, size, size, generator=random)
        W = W * (SMALL / torch.linalg.matrix_norm(W, 2)[:, None, None]) if kind == "small" else torch.linalg.qr(W).Q
        U = torch.randn(STARTS, SYMBOLS, size, generator=random) / math.sqrt(SYMBOLS)
        b = torch.zeros(STARTS, 1, size)
        if kind == "gru":
            gates = torch.randn(STARTS, 2 * size, size, generator=random)
            W = torch.cat([0.02 * gates, W], dim=1)
            U = torch.cat([_GATE * torch.randn(STARTS, SYMBOLS, 2 * size, generator=random), U], dim=2)
            b = torch.cat([torch.zeros_like(b), torch.full_like(b, keep), b], dim=2)
        self.W, self.U, self.b = nn.Parameter(W), nn.Parameter(U), nn.Parameter(b)
        self.V = nn.Parameter(torch.randn(STARTS, size, SYMBOLS, generator=random) / math.sqrt(size))
        self.c = nn.Parameter(torch.zeros(STARTS, 1, SYMBOLS))

    def forward(self, x: Tensor) -> Tensor:
        """Scores of the four symbols after the last step: (steps, 3, n, 4) -> (3, n, 4)."""
        h = x.new_zeros(*x.shape[1:3], self.W.shape[-1])
        for a in x @ self.U + self.b:
            h = self.step(a, h, self.W)
        return h @ self.V + self.c


def train(
    cells: Cells, lag: int, seed: int = 0, *, updates: int | None = None, batch: int = _BATCH, rate: float = _RATE
) -> Run:  # fmt: skip
    """Train all three on episodes of one lag with Adam; the gradient of each is clipped by itself. Losses in nats.

    One thread: the matrices are too small to be shared out."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _train(cells, lag, seed, updates or by_profile(full=150, fast=15), batch, rate)
    finally:
        torch.set_num_threads(threads)


def _train(cells: Cells, lag: int, seed: int, updates: int, batch: int, rate: float) -> Run:
    began = time.perf_counter()
    random = torch.Generator().manual_seed(10_000 * (seed + 1) + lag)
    optimizer = torch.optim.Adam(cells.parameters(), lr=rate)
    losses = []
    for _ in range(updates):
        x, symbols = episodes(lag, batch, random)
        loss = nn.functional.cross_entropy(cells(x).flatten(0, 1), symbols.flatten()) * STARTS
        optimizer.zero_grad()
        loss.backward()
        for parameter in cells.parameters():
            if parameter.grad is not None:
                size = parameter.grad.flatten(1).norm(dim=1).clamp(min=1.0)
                parameter.grad /= size.view(-1, 1, 1)
        optimizer.step()
        losses.append(loss.item() / STARTS)
    cells.eval()
    return Run(cells, tuple(losses), tuple(losses), seed, len(losses), time.perf_counter() - began)
