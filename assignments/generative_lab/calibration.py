"""What right work reaches: denoisers and bottlenecks trained from other starts, as the notebook trains them."""

from __future__ import annotations

import statistics
from typing import Any

from seq2kit.generative import bottleneck, diffusion

from .checks import generating

# error over linear error: of a denoiser on held-out digits, against the best linear rule, which has 1.
# distance of samples: median squared distance to the nearest real digit; samples of a normal distribution with the
# covariance of digits have about 23.
# lowest held-out loss: of the bottleneck at a beta near the best, mean over five starts, in nats; guessing has 1.10.
BETA = 0.2
QUANTITIES = {"error over linear error": "at most", "distance of samples": "at most", "lowest held-out loss": "at most"}


def measure(reference: dict[str, Any], seed: int) -> dict[str, float]:
    """Train one denoiser and one bottleneck with this seed."""
    denoiser = diffusion.Denoiser(seed)
    diffusion.train(denoiser, reference["pair_sampler"], seed)
    model = bottleneck.Bottleneck(seed)
    bottleneck.train(model, BETA, reference["reparameterise"], reference["vib_loss"], seed)
    return {
        "error over linear error": generating.against_linear(denoiser, 50_000 + seed),
        "distance of samples": generating.distance(generating.drawn(denoiser, 1.0)),
        "lowest held-out loss": statistics.fmean(bottleneck.measured(model)["nll"]),
    }
