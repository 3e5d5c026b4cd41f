"""The diffusion model: data, denoiser, training and the yardsticks."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from seq2kit.generative import diffusion, digits
from seq2kit.generative.diffusion import Array


def pairs(z0: Array, eta1: float, eta2: float, V1: Array, V2: Array) -> tuple[Array, Array]:
    """A random walk from z0, scaled."""
    u1 = z0 + math.sqrt(eta1) * V1
    return u1 / math.sqrt(1 + eta1), (u1 + math.sqrt(eta2 - eta1) * V2) / math.sqrt(1 + eta2)


def test_data_have_mean_zero_and_variance_one() -> None:
    """Over all pixels; and pixels come back."""
    z = diffusion.scaled(digits.images())
    assert abs(z.mean()) < 0.01
    assert abs(z.var() - 1) < 0.02
    assert np.allclose(diffusion.pixels(z), digits.images())


def test_levels_fall() -> None:
    """From the highest to the lowest, and there is noise for each step between them."""
    assert diffusion.ETAS[0] == pytest.approx(diffusion.HIGHEST)
    assert all(np.diff(diffusion.ETAS) < 0)
    start, noise = diffusion.start_and_noise(7)
    assert (start.shape, noise.shape) == ((7, 64), (len(diffusion.ETAS) - 1, 7, 64))


def test_a_denoiser_leaves_what_is_not_noisy() -> None:
    """Near eta = 0 the guess is z itself; the same seed makes the same denoiser."""
    model, z = diffusion.Denoiser(1), torch.randn(3, 64)
    assert torch.allclose(model(z, torch.full((3, 1), 1e-8)), z, atol=1e-3)
    again = diffusion.as_function(diffusion.Denoiser(1))(z.double().numpy(), 2.0)
    assert np.allclose(again, diffusion.as_function(model)(z.double().numpy(), 2.0))


def test_training_lowers_the_loss() -> None:
    """In sixty updates; and the run says how many there were."""
    run = diffusion.train(diffusion.Denoiser(), pairs, updates=60)
    assert run.updates == 60
    assert np.mean(run.train_losses[-10:]) < 0.9 * np.mean(run.train_losses[:5])


def test_linear_rule_is_best_for_normal_data() -> None:
    """No other matrix near it does better on data with that mean and covariance."""
    rng = np.random.default_rng(0)
    z0 = rng.standard_normal((4000, 3)) @ np.array([[1.0, 0.5, 0.0], [0.0, 0.7, 0.2], [0.0, 0.0, 0.3]]) + 0.5
    z = (z0 + rng.standard_normal(z0.shape)) / math.sqrt(2)
    matrix, offset = diffusion.linear_rule(z0, 1.0)
    least = ((z @ matrix.T + offset - z0) ** 2).mean()
    for step in (0.05, -0.05):
        assert ((z @ (matrix + step * np.eye(3)).T + offset - z0) ** 2).mean() > least
