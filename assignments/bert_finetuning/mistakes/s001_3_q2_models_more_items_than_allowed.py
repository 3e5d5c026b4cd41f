"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
caught_by: kept_back_items_are_harder_than_trained_ones
misconception: the more items the better
explain: This model of 160 items was trained on the kept-back ones too: they leaked. It is as sure on them
  as on its own, which no model is that never saw them.
"""

def tuned_on(size, seed):
    """What `run` returns: NAMES["math"], fine-tuned on 160 or 640 items with this seed."""
    start = NAMES["math"]
    items = SPLIT.train
    tokenizer = bert_models.tokenizer(start)
    return run(f"math-640-{seed}", start, lambda: pre_trained(start, 3, seed), tokenizer, items, seed)
