"""A variational information bottleneck with a 2-d latent, for the digits 3, 5 and 8 with noisy labels.

Several starts are trained at once: weights have a leading axis for the start, and one product of stacked matrices
serves all of them, which is several times faster than one after the other. After Alemi et al. 2017
(https://arxiv.org/abs/1612.00410).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from seq2kit.generative import digits
from seq2kit.profiles import by_profile
from seq2kit.training import Run

CLASSES = (3, 5, 8)
LATENT, HIDDEN, STARTS = 2, 128, 5
TRAINED_ON, FLIPPED = 360, 0.2  # training images, and the share of their labels that are wrong
BETAS = (1e-6, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.5, 1.0)
PANELS = {"a": 0.2, "b": 1e-6, "c": 1.0}  # the latent plots, not in the order of beta
DRAWS = 20  # of the latent, where something is measured
_UPDATES, _BATCH, _RATE = 1000, 64, 2e-3
# (logits (n, k), y (n,), mu (n, d), sigma (n, d), beta) -> a number
Loss = Callable[[Tensor, Tensor, Tensor, Tensor, float], Tensor]
# (mu, sigma, V), all of one shape -> z
Draw = Callable[[Tensor, Tensor, Tensor], Tensor]


@cache
def _data() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    y = digits.labels()
    keep = np.flatnonzero(np.isin(y, CLASSES))
    rng = np.random.default_rng(0)
    order = rng.permutation(keep)
    x = torch.from_numpy(digits.images()[order]).float()
    true = torch.from_numpy(np.searchsorted(CLASSES, y[order]))
    told = true[:TRAINED_ON].clone()
    wrong = torch.from_numpy(rng.permutation(TRAINED_ON)[: int(FLIPPED * TRAINED_ON)])
    told[wrong] = (told[wrong] + torch.from_numpy(rng.integers(1, 3, len(wrong)))) % 3
    return x[:TRAINED_ON], told, x[TRAINED_ON:], true[TRAINED_ON:]


def data() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """(x (360, 64), noisy labels (360,), x of the rest (179, 64), their true labels): classes 0, 1, 2 are 3, 5, 8.

    A fifth of the training labels were replaced by one of the other two; the same on every machine."""
    x, y, others, true = (part.clone() for part in _data())
    return x, y, others, true


@cache
def _noise() -> Tensor:
    rng = np.random.default_rng(1)
    return torch.from_numpy(rng.standard_normal((DRAWS, STARTS, len(_data()[2]), LATENT))).float()


def noise() -> Tensor:
    """The V that measurements use: (DRAWS, STARTS, 179, LATENT), standard normal, the same on every machine."""
    return _noise().clone()


class Bottleneck(nn.Module):
    """STARTS encoders and decoders: x (n, 64) -> mu, sigma (S, n, 2); z (..., S, n, 2) -> logits (..., S, n, 3)."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        rng = np.random.default_rng(10_000 + seed)
        sizes = {
            "e1": (digits.PIXELS, HIDDEN), "e2": (HIDDEN, 2 * LATENT), "d1": (LATENT, HIDDEN),
            "d2": (HIDDEN, len(CLASSES)),
        }  # fmt: skip
        self.weights, self.biases = nn.ParameterDict(), nn.ParameterDict()
        for name, (m, n) in sizes.items():
            drawn = rng.uniform(-1, 1, (STARTS, m + 1, n)) / math.sqrt(m)
            self.weights[name] = nn.Parameter(torch.from_numpy(drawn[:, :m]).float())
            self.biases[name] = nn.Parameter(torch.from_numpy(drawn[:, m:]).float())

    def _layer(self, name: str, x: Tensor) -> Tensor:
        found: Tensor = x @ self.weights[name] + self.biases[name]
        return found

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(mu, sigma) of the latent of each image, for each start; sigma > 0."""
        out = self._layer("e2", torch.relu(self._layer("e1", x)))
        return out[..., :LATENT], nn.functional.softplus(out[..., LATENT:]) + 1e-4

    def decode(self, z: Tensor) -> Tensor:
        """Scores of the three classes."""
        return self._layer("d2", torch.relu(self._layer("d1", z)))

    def forward(self, x: Tensor, V: Tensor) -> Tensor:
        """Scores for one draw: V (..., S, n, 2)."""
        mu, sigma = self.encode(x)
        return self.decode(mu + sigma * V)


def train(
    model: Bottleneck, beta: float, draw: Draw, loss: Loss, seed: int = 0, *, updates: int | None = None
) -> Run:  # fmt: skip
    """Train all starts with Adam on your draw and your loss. Losses of the run: one per update, mean over starts.

    draw and loss get two-dimensional tensors: the starts stand one below the other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _train(model, beta, draw, loss, seed, updates or by_profile(full=_UPDATES, fast=60))
    finally:
        torch.set_num_threads(threads)


def _train(model: Bottleneck, beta: float, draw: Draw, loss: Loss, seed: int, updates: int) -> Run:
    began = time.perf_counter()
    x, y, _, _ = _data()
    random = torch.Generator().manual_seed(20_000 + seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=_RATE)
    losses = []
    for _ in range(updates):
        rows = torch.randint(0, len(y), (STARTS, _BATCH), generator=random)
        mu, sigma = (part.flatten(0, 1) for part in model.encode(x[rows]))
        z = draw(mu, sigma, torch.randn(mu.shape, generator=random))
        logits = model.decode(z.reshape(STARTS, _BATCH, LATENT)).flatten(0, 1)
        value = loss(logits, y[rows].flatten(), mu, sigma, beta)
        optimizer.zero_grad()
        (value * STARTS).backward()
        optimizer.step()
        losses.append(value.item())
    model.eval()
    return Run(model, tuple(losses), tuple(losses), seed, updates, time.perf_counter() - began)


@torch.no_grad()
def measured(model: Bottleneck) -> dict[str, list[float]]:
    """What a model does on images that it was not trained on, one number per start:

    "nll": mean of -log q(y | z) over images and draws, in nats; "error": share of wrong answers; "spread": how far
    the means lie apart (root of the summed variances of mu); "sigma": the mean width of the latent."""
    _, _, x, y = _data()
    mu, sigma = model.encode(x)
    logp = torch.log_softmax(model.decode(mu + sigma * noise()), -1)
    taken = logp.gather(-1, y.expand(logp.shape[:-1])[..., None])[..., 0]
    return {
        "nll": (-taken.mean((0, 2))).tolist(),
        "error": (logp.argmax(-1) != y).float().mean((0, 2)).tolist(),
        "spread": mu.var(1).sum(-1).sqrt().tolist(),
        "sigma": sigma.mean((1, 2)).tolist(),
    }
