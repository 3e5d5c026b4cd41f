"""How far above the best possible predictor the reference ends, over seeds: start, batches and test text all change."""

from __future__ import annotations

from typing import Any

import torch

from .checks import reference as ref

# gap: nats per word above the best possible predictor, on 192 fresh windows of 64 predictions (the model's window).
# Baselines: a bigram model has 0.75, the uniform one 3.08; the model that sees the future has less than 0.
# agreement: the share of sentences in which a verb agrees with its subject, at the worst of the distances (one to four
# relative clauses between them). Who does not see the subject is right in one half.
QUANTITIES = {"gap": "at most", "agreement": "at least"}


def measure(reference: dict[str, Any], seed: int) -> dict[str, float]:
    """Train as the notebook does, with this seed."""
    config, recipe, text = (reference[name] for name in ("CONFIG", "RECIPE", "text"))
    torch.manual_seed(seed)
    model = reference["GPT"](**config)
    validation = reference["corpus"].windows(text.validation, config["context"])
    _, best = reference["train"](model, text.train, validation, length=config["context"], seed=seed, **recipe)
    windows = ref.hidden_windows(10_000 + seed)
    logits = ref.gpt(best, windows[:, :-1])
    if logits is None:
        raise ValueError("the solution's model does not follow the notebook's plan")
    gap = ref.next_token_loss(logits, windows) - ref.best_loss(windows)
    return {"gap": gap, "agreement": min(ref.agreements(best, 20_000 + seed))}
