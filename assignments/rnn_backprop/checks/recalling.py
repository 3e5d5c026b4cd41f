"""What trained cells recall, by their weights in cells of ours, whatever a student's process says of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

import torch
from seq2kit.rnn import recall
from torch import Tensor

TESTED = 400  # hidden episodes for each start
# What each of our own runs reaches at these lags: see calibration.py
JUDGED = (("small", 5), ("orthogonal", 10), ("gru", 50), ("gru", 100))


def gru(a: Tensor, h: Tensor, W: Tensor) -> Tensor:
    """A gated recurrent unit."""
    H = h.shape[-1]
    own, sent = a.split(H, -1), (h @ W.mT).split(H, -1)
    r, z = (torch.sigmoid(own[k] + sent[k]) for k in (0, 1))
    candidate = torch.tanh(own[2] + r * sent[2])
    return candidate + z * (h - candidate)


def shapes(kind: str) -> dict[str, tuple[int, ...]]:
    """The parameters of three cells of this kind."""
    return {
        name: tuple(p.shape)
        for name, p in recall.Cells(kind, gru if kind == "gru" else recall.tanh_step).named_parameters()
    }


def scores(kind: str, weights: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """What cells of ours say with these weights, float32. Weights must have the `shapes` of the kind."""
    cells = recall.Cells(kind, gru if kind == "gru" else recall.tanh_step)
    with torch.no_grad():
        for name, parameter in cells.named_parameters():
            parameter.copy_(weights[name])
        found: Tensor = cells(x)
    return found


def shares(scores: Tensor, symbols: Tensor) -> list[float]:
    """The share that each of the three starts recalls."""
    return [float(row.double().mean()) for row in scores.argmax(-1) == symbols]


@cache
def tested(lag: int) -> tuple[Tensor, Tensor]:
    """The episodes on which the notebook tests, the same for everybody."""
    return recall.test_episodes(lag)


def hidden(lag: int, seed: int) -> tuple[Tensor, Tensor]:
    """Episodes that nobody trained or tested on."""
    return recall.episodes(lag, TESTED, torch.Generator().manual_seed(seed % (2**62)))


def frontier(norm: float, least: float) -> float:
    """The last step at which norm ** T is at least `least`."""
    return math.inf if norm >= 1 else math.floor(math.log(least) / math.log(norm) + 1e-9)
