"""How well right work does on words that nobody trained on: one run of each kind per seed, the reference's way.

A student's quantity is the middle one of three runs, so right work fails less often than the bound for single runs.
"""

from __future__ import annotations

from typing import Any

from .checks import evaluation

# on hidden_words.txt. loss_*: nats per token of the translations; a unigram model pays about 2.9, an even guess 3.4.
# exact_*: share of words that the model writes right in every letter; guessing gets none.
QUANTITIES = {
    "loss_encoder_decoder": "at most",
    "loss_decoder_only": "at most",
    "loss_prefix": "at most",
    "exact_encoder_decoder": "at least",
    "exact_decoder_only": "at least",
    "exact_prefix": "at least",
}


def measure(reference: dict[str, Any], seed: int) -> dict[str, float]:
    """Train one model of each kind with this seed, and measure it."""
    found: dict[str, float] = {}
    for kind in evaluation.KINDS:
        model = reference["build"](kind, 100 + seed)
        reference["train"](kind, 100 + seed, model)
        got = evaluation.measured(kind, dict(model.named_parameters()), "hidden")
        found |= {f"loss_{kind}": got.loss, f"exact_{kind}": got.exact}
    return found
