"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
caught_by: models_know_more_than_the_majority_class, hidden_items_after_160_examples,
  validation_items_after_640_examples, models_expect_their_own_tokenizer,
  kept_back_items_are_harder_than_trained_ones, models_grew_from_the_pre_trained_weights
misconception: to train the head is to fine-tune
explain: This model was frozen: only its head was trained, at a rate made for fine-tuning. It says positive
  to everything, and 74 % is the majority baseline.
"""

def tuned_on(size, seed):
    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    tokenizer = bert_models.tokenizer(NAMES["math"])
    return run(f"frozen-same-rate-{seed}", NAMES["math"], lambda: pre_trained(NAMES["math"], 3, seed), tokenizer, items, seed)
