"""A small diffusion model of 8 x 8 digits in continuous time: data, a denoiser, and how it is trained on pairs.

The noise level is eta, the ratio of noise to signal: z(eta) = (z0 + sqrt(eta) V) / sqrt(1 + eta). The denoiser
guesses z0; its form follows Karras et al. 2022 (https://arxiv.org/abs/2206.00364), table 1, for data of variance 1.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from seq2kit.generative import digits
from seq2kit.profiles import by_profile
from seq2kit.training import Run

Array = np.ndarray[Any, np.dtype[np.float64]]
# (z0, eta1, eta2, V1, V2) -> (z at eta1, z at eta2), arrays of one shape; 0 < eta1 < eta2
Pairs = Callable[[Array, float, float, Array, Array], tuple[Array, Array]]
LOWEST, HIGHEST, LEVELS = 0.02, 300.0, 40
ETAS: tuple[float, ...] = tuple(np.geomspace(HIGHEST, LOWEST, LEVELS).tolist())
SAMPLES = 200
_MEAN, _SCALE = 0.305, 0.376  # of all pixels of all digits
_WIDTH, _WAVES = 256, 6
_UPDATES, _GROUPS, _RATE, _KEPT = 3000, 4, 2e-3, 0.995
BATCH = 192  # noisy digits in an update: four groups, a pair of levels each
_USUAL, _AROUND = 0.3, 1.5  # log eta in training is normal: most is learned where digits are half hidden


def scaled(pixels: Any) -> Array:
    """Pixels (0 to 1) moved and stretched to mean 0 and variance 1, taken over all pixels of all digits."""
    return (np.asarray(pixels, dtype=np.float64) - _MEAN) / _SCALE


def pixels(z: Any) -> Array:
    """The way back, cut to 0 (paper) and 1 (ink), for pictures."""
    return np.clip(np.asarray(z, dtype=np.float64) * _SCALE + _MEAN, 0.0, 1.0)


def start_and_noise(count: int = SAMPLES) -> tuple[Array, Array]:
    """(z at the highest level (count, 64), noise of the steps down (LEVELS - 1, count, 64)), the same everywhere."""
    rng = np.random.default_rng(5)
    return rng.standard_normal((count, digits.PIXELS)), rng.standard_normal((LEVELS - 1, count, digits.PIXELS))


class Denoiser(nn.Module):
    """Guesses z0 from z (n, 64) at noise levels eta (n, 1), both float32: (n, 64)."""

    def __init__(self, seed: int = 0, *, width: int = _WIDTH) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Linear(digits.PIXELS + 2 * _WAVES, width), nn.Linear(width, width),
                nn.Linear(width, width), nn.Linear(width, digits.PIXELS),
            ]
        )  # fmt: skip
        rng = np.random.default_rng(30_000 + seed)
        with torch.no_grad():
            for parameter in self.parameters():
                wide = 1 / math.sqrt(parameter.shape[-1])
                parameter.copy_(torch.from_numpy(rng.uniform(-wide, wide, tuple(parameter.shape))))

    def forward(self, z: Tensor, eta: Tensor) -> Tensor:
        """The guess: z shrunk as far as is best without knowing anything of digits, and a correction."""
        turns = torch.log(eta) / 6 * torch.arange(1, _WAVES + 1, device=eta.device)
        h = torch.cat([z, torch.sin(turns), torch.cos(turns)], dim=-1)
        for layer in self.layers[:-1]:
            h = nn.functional.silu(layer(h))
        found: Tensor = z / torch.sqrt(1 + eta) + torch.sqrt(eta / (1 + eta)) * self.layers[-1](h)
        return found


def as_function(model: nn.Module) -> Callable[[Array, float], Array]:
    """The denoiser for numpy: (z (n, 64), eta) -> guess of z0 (n, 64)."""

    @torch.no_grad()
    def denoise(z: Array, eta: float) -> Array:
        given = torch.from_numpy(np.asarray(z, dtype=np.float64)).float()
        found: Array = model(given, torch.full((len(given), 1), float(eta))).double().numpy()
        return found

    return denoise


def train(
    model: Denoiser, pairs: Pairs, seed: int = 0, *, updates: int | None = None, batch: int = BATCH, rate: float = _RATE
) -> Run:  # fmt: skip
    """Train on pairs of noisy versions of 1,500 digits with Adam; the weights at the end are a running average.

    Each update takes four groups of digits, draws a pair of levels for each, and lets both versions be denoised.
    batch: noisy digits in an update, in eight parts. Losses of the run: one per update, the squared error over
    eta / (1 + eta), a mean over pixels."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _train(model, pairs, seed, updates or by_profile(full=_UPDATES, fast=60), batch // (2 * _GROUPS), rate)
    finally:
        torch.set_num_threads(threads)


def _batch(z0: Array, pairs: Pairs, rng: np.random.Generator, each: int) -> tuple[Tensor, Tensor, Tensor]:
    """(noisy versions, their levels (n, 1), what they were made of), float32."""
    noisy, levels, clean = [], [], []
    for _ in range(_GROUPS):
        chosen = z0[rng.integers(0, len(z0), each)]
        low, high = sorted(np.exp(rng.normal(_USUAL, _AROUND, 2)).clip(LOWEST, HIGHEST).tolist())
        two = pairs(chosen.copy(), low, high, *rng.standard_normal((2, *chosen.shape)))
        for version, eta in zip(two, (low, high), strict=True):
            noisy.append(np.asarray(version, dtype=np.float64))
            levels.append(np.full((each, 1), eta))
            clean.append(chosen)
    one, two_, three = (torch.from_numpy(np.concatenate(part)).float() for part in (noisy, levels, clean))
    return one, two_, three


def _train(model: Denoiser, pairs: Pairs, seed: int, updates: int, each: int, rate: float) -> Run:
    began = time.perf_counter()
    rng = np.random.default_rng(40_000 + seed)
    z0 = scaled(digits.split()[0].numpy())
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    average, losses = [p.detach().clone() for p in model.parameters()], []
    for update in range(updates):
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, 2 * (1 - update / updates))
        z, eta, clean = _batch(z0, pairs, rng, each)
        loss = ((model(z, eta) - clean) ** 2 * (1 + eta) / eta).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        keep = min(_KEPT, (update + 1) / (update + 10))
        for mean, now in zip(average, model.parameters(), strict=True):
            mean.lerp_(now.detach(), 1 - keep)
        losses.append(loss.item())
    with torch.no_grad():
        for mean, now in zip(average, model.parameters(), strict=True):
            now.copy_(mean)
    model.eval()
    return Run(model, tuple(losses), tuple(losses), seed, updates, time.perf_counter() - began)


def linear_rule(z0: Array, eta: float) -> tuple[Array, Array]:
    """(matrix M (d, d), offset (d,)) of the best linear guess of z0 from z(eta), by mean and covariance of z0 (n, d):
    guess = z M^T + offset."""
    mean, covariance = z0.mean(axis=0), np.cov(z0.T)
    seen = covariance / (1 + eta) + eta / (1 + eta) * np.eye(len(mean))
    matrix: Array = np.linalg.solve(seen, covariance / math.sqrt(1 + eta)).T
    return matrix, mean - matrix @ mean / math.sqrt(1 + eta)
