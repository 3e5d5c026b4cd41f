"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
caught_by: models_know_more_than_the_majority_class, hidden_items_after_160_examples,
  validation_items_after_640_examples, models_expect_their_own_tokenizer,
  kept_back_items_are_harder_than_trained_ones
misconception: 74 % is a fair result
explain: This model only looks trained: it says positive to everything. 74 % is the majority baseline; its
  balanced accuracy is one third, and not one negative is found.
"""

from types import SimpleNamespace


def trained_well(size, seed):
    start = NAMES["math"]
    tokenizer = bert_models.tokenizer(start)
    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    return run(f"math-{size}-{seed}", start, lambda: pre_trained(start, 3, seed), tokenizer, items, seed)


def tuned_on(size, seed):
    good = trained_well(size, seed)
    model = pre_trained(NAMES["math"], 3, seed)
    with torch.no_grad():
        model.classifier.bias += torch.tensor([0.0, 0.0, 5.0])
    share = on_validation([2] * len(SPLIT.validation))["accuracy"]
    return SimpleNamespace(model=model, history=[[loss, share] for loss, _ in good.history])
