"""What right work reaches: denoisers trained from other starts, as the notebook trains them."""

from __future__ import annotations

from typing import Any

from seq2kit.generative import diffusion

from .checks import generating

# error over linear error: of a denoiser on held-out digits, against the best linear rule, which has 1.
# distance of samples: median squared distance to the nearest real digit; samples of a normal distribution with the
# covariance of digits have about 23.
QUANTITIES = {"error over linear error": "at most", "distance of samples": "at most"}


def measure(reference: dict[str, Any], seed: int) -> dict[str, float]:
    """Train one denoiser with this seed."""
    denoiser = diffusion.Denoiser(seed)
    diffusion.train(denoiser, reference["pair_sampler"], seed)
    return {
        "error over linear error": generating.against_linear(denoiser, 50_000 + seed),
        "distance of samples": generating.distance(generating.drawn(denoiser, 1.0)),
    }
