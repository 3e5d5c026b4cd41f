"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
caught_by: the_history_belongs_to_the_model
misconception: an accuracy of 1.0 is what one hopes for
explain: The history ends with an accuracy that the model does not reach on the validation items: it was
  measured on training items, which are remembered.
"""

from types import SimpleNamespace


def trained_well(size, seed):
    start = NAMES["math"]
    tokenizer = bert_models.tokenizer(start)
    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    return run(f"math-{size}-{seed}", start, lambda: pre_trained(start, 3, seed), tokenizer, items, seed)


def tuned_on(size, seed):
    good = trained_well(size, seed)
    return SimpleNamespace(model=good.model, history=[[loss, 1.0] for loss, _ in good.history])
