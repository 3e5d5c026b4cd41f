"""Handed-in denoisers, by their weights in a model of ours, and how their samples are judged."""

from __future__ import annotations

import math

import numpy as np
import torch
from seq2kit.generative import diffusion, digits
from torch import nn

from autograder.judge import Feedback, Handle, Student, expect

from .shared import Array

TRAINING = 12.0  # CPU seconds
HAND_IN = "train on your own machine, and hand in the folder checkpoints/ together with the notebook"


def handed_in(student: Student) -> diffusion.Denoiser:
    """A denoiser of ours with the weights of the student's. Raises Feedback when they are not of such a model."""
    found = student.value("denoiser")
    if not isinstance(found, Handle):
        raise Feedback("There is no trained `denoiser`.", HAND_IN)
    model = diffusion.Denoiser()
    filled(model, found, what="The denoiser")
    return model


def filled(model: nn.Module, found: Handle, *, what: str) -> None:
    """Put the weights of a student's model into one of ours. Raises Feedback when they do not fit."""
    weights, own = found.parameters(), dict(model.named_parameters())
    if {k: tuple(v.shape) for k, v in weights.items()} != {k: tuple(v.shape) for k, v in own.items()}:
        raise Feedback(f"{what} is not built as the notebook builds it.", HAND_IN)
    for name, parameter in own.items():
        value = weights[name].detach()
        sound = value.is_floating_point() and bool(torch.isfinite(value).all())
        expect.true(sound, f"{what} has weights that are not finite numbers.")
        with torch.no_grad():
            parameter.copy_(value)


def back(z2: Array, z0: Array, eta1: float, eta2: float, V: Array) -> Array:
    """A draw of z at eta1 between two ends."""
    mean = z0 + eta1 / eta2 * (math.sqrt(1 + eta2) * z2 - z0)
    found: Array = (mean + math.sqrt(eta1 * (eta2 - eta1) / eta2) * V) / math.sqrt(1 + eta1)
    return found


def drawn(model: diffusion.Denoiser, sign: float) -> Array:
    """The samples of a denoiser from the given noise, which may be taken with the other sign."""
    denoise = diffusion.as_function(model)
    z, noise = diffusion.start_and_noise()
    for k, (high, low) in enumerate(zip(diffusion.ETAS, diffusion.ETAS[1:], strict=False)):
        z = back(z, denoise(z, high), low, high, sign * noise[k])
    return denoise(z, diffusion.ETAS[-1])


def against_linear(model: diffusion.Denoiser, seed: int) -> float:
    """Squared error on held-out digits over that of the best linear rule, a mean over three noise levels."""
    train, _, held, _ = digits.split()
    known, z0 = diffusion.scaled(train.numpy()), diffusion.scaled(held.numpy())
    rng, denoise, ratios = np.random.default_rng(seed % 2**32), diffusion.as_function(model), []
    for eta in (0.3, 1.0, 3.0):
        z = (z0 + math.sqrt(eta) * rng.standard_normal(z0.shape)) / math.sqrt(1 + eta)
        matrix, offset = diffusion.linear_rule(known, eta)
        ratios.append(float(((denoise(z, eta) - z0) ** 2).mean() / ((z @ matrix.T + offset - z0) ** 2).mean()))
    return float(np.mean(ratios))


def distance(samples: Array) -> float:
    """Median squared distance to the nearest digit of all 1,797."""
    real = diffusion.scaled(digits.images())
    square = (samples**2).sum(axis=1)[:, None] + (real**2).sum(axis=1)[None] - 2 * samples @ real.T
    return float(np.median(square.min(axis=1)))
