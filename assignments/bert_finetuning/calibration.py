"""What training the reference's way gives, over seeds: the bars of the item about trained models.

Baselines: always "positive" is right on 73.8 % of the kept-back items and on 46 % of their minus items. A model
that starts from random weights reaches about 77 % and 53 % with 160 items; its similarity to the stored weights is 0.
"""

from __future__ import annotations

from typing import Any

from seq2kit.bert import models as bert_models

from .checks import reference as ref

QUANTITIES = {
    "hidden_accuracy_160": "at least",  # share right of the 640 items that a model of 160 items never saw
    "hidden_minus_160": "at least",  # the same for minus items
    "validation_accuracy_640": "at least",  # share right of the 160 validation items after 640
    "validation_minus_640": "at least",  # the same for minus items
    "similarity": "at least",  # smallest cosine of a trained weight matrix with the stored one; 1 is untrained
    "kept_back_ratio_160": "at least",  # loss on kept-back items over loss on trained ones; 1 when both were trained on
}
START = "bert-math"


def measure(reference: dict[str, Any], seed: int) -> dict[str, float]:
    """One model on 160 items and one on 640, trained by the reference's own functions."""
    few, many = (_train(reference, items, seed) for items in ("few", "train"))
    hidden = ref.judged(few, ("rest", "validation"), START)
    validation = ref.judged(many, ("validation",), START)
    return {
        "hidden_accuracy_160": hidden["accuracy"],
        "hidden_minus_160": hidden["minus"],
        "validation_accuracy_640": validation["accuracy"],
        "validation_minus_640": validation["minus"],
        "similarity": min(ref.similarity(model, START) for model in (few, many)),
        "kept_back_ratio_160": kept_back_ratio(few),
    }


def _train(reference: dict[str, Any], part: str, seed: int) -> Any:
    import torch

    torch.manual_seed(seed)
    model, tokenizer = reference["pre_trained"](START, 3, seed), bert_models.tokenizer(START)
    items = reference["arithmetic"].resampled(getattr(reference["SPLIT"], part))
    train, validation = (reference["pairs_of"](of, tokenizer) for of in (items, reference["SPLIT"].validation))
    torch.manual_seed(seed)
    recipe = {"epochs": reference["EPOCHS"], "batch": reference["BATCH"], "rate": reference["RATE"], "seed": seed}
    reference["fine_tune"](model, train, validation, tokenizer.pad_token_id, **recipe)
    return model.eval()


def kept_back_ratio(model: Any) -> float:
    """How much harder the items are that a model of `few` has not seen: the easier of rest and validation, over few."""
    kept_back = min(ref.surprise(model, part, START) for part in ("rest", "validation"))
    return float(kept_back / ref.surprise(model, "few", START))
