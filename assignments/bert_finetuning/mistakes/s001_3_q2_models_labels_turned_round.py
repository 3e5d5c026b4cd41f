"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
caught_by: models_know_more_than_the_majority_class, hidden_items_after_160_examples,
  validation_items_after_640_examples, models_expect_their_own_tokenizer,
  kept_back_items_are_harder_than_trained_ones, the_history_belongs_to_the_model
misconception: classes may be numbered at will
explain: This model answers negative where positive is right, and the other way round: somewhere labels were
  numbered from the other end.
"""



def trained_well(size, seed):
    start = NAMES["math"]
    tokenizer = bert_models.tokenizer(start)
    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    return run(f"math-{size}-{seed}", start, lambda: pre_trained(start, 3, seed), tokenizer, items, seed)


def tuned_on(size, seed):
    good = trained_well(size, seed)
    with torch.no_grad():
        for part in good.model.classifier.parameters():
            part.copy_(part.flip(0))
    return good
