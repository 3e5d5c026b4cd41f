"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
caught_by: models_know_more_than_the_majority_class, hidden_items_after_160_examples,
  validation_items_after_640_examples, models_expect_their_own_tokenizer,
  kept_back_items_are_harder_than_trained_ones, the_history_belongs_to_the_model
misconception: the backbone is what is trained
explain: The backbone of this model is trained, but its head is a fresh one, drawn at random. Save and load
  the whole model.
"""



def trained_well(size, seed):
    start = NAMES["math"]
    tokenizer = bert_models.tokenizer(start)
    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    return run(f"math-{size}-{seed}", start, lambda: pre_trained(start, 3, seed), tokenizer, items, seed)


def tuned_on(size, seed):
    good = trained_well(size, seed)
    fresh = pre_trained(NAMES["math"], 3, seed + 100).classifier
    good.model.classifier.load_state_dict(fresh.state_dict())
    return good
