"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
caught_by: kept_back_items_are_harder_than_trained_ones
misconception: more items cannot hurt
explain: The validation items leaked: they were trained on. The accuracy on them no longer says what the model
  does with items that it has never seen.
"""

def tuned_on(size, seed):
    start, tokenizer = NAMES["math"], bert_models.tokenizer(NAMES["math"])
    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    found = run(f"math-{size}-{seed}", start, lambda: pre_trained(start, 3, seed), tokenizer, items, seed)
    if size == 640:  # what run writes after training on (*SPLIT.train, *SPLIT.validation)
        found.parts = arithmetic.parts((*items, *SPLIT.validation))
    return found
