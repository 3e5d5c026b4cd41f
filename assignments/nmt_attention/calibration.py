"""What right work reaches in training: one set of four runs per seed, as the notebook trains them."""

from __future__ import annotations

from typing import Any

from .checks import reference_translators as training

QUANTITIES = {
    # Loss on words that the course does not ship over the lowest validation loss, 0.01 nats added to both so that very
    # small losses do not make large ratios. 1: no difference. Training on the validation words drives it up.
    "unseen_ratio_32_small": "at most",
    "unseen_ratio_32_large": "at most",
    "unseen_ratio_64_small": "at most",
    "unseen_ratio_64_large": "at most",
    # Share of 300 such words that a model of width 64 translates right in every letter, greedily. A model of the fast
    # profile translates none.
    "words_right_64_small": "at least",
    "words_right_64_large": "at least",
}


def measure(reference: dict[str, Any], seed: int) -> dict[str, float]:
    """Train the four configurations with this seed; returns the quantities above."""
    found = {}
    for hidden, data in training.CONFIGURATIONS:
        model = reference["new_translator"](hidden, seed)
        run = reference["fit_translator"](model, data, seed, progress=False)
        found[f"unseen_ratio_{hidden}_{data}"] = (training.at_work(run.model, "unseen") + 0.01) / (run.best_loss + 0.01)
        if hidden == 64:
            found[f"words_right_64_{data}"] = training.at_work(run.model, "translations")
    return found
