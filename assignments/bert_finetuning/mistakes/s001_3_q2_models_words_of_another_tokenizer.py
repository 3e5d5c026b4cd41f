"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
caught_by: models_know_more_than_the_majority_class, hidden_items_after_160_examples,
  validation_items_after_640_examples, models_expect_their_own_tokenizer,
  kept_back_items_are_harder_than_trained_ones, the_history_belongs_to_the_model
misconception: all tokenizers know the same words
explain: Wrong tokenizer: this model reads the ids of another vocabulary. To the pre-trained weights every
  word is a different one, so what they knew about numbers does not apply.
"""



def trained_well(size, seed):
    start = NAMES["math"]
    tokenizer = bert_models.tokenizer(start)
    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    return run(f"math-{size}-{seed}", start, lambda: pre_trained(start, 3, seed), tokenizer, items, seed)


def tuned_on(size, seed):
    good = trained_well(size, seed)
    own, other = (bert_models.tokenizer(name).get_vocab() for name in (NAMES["math"], NAMES["tweet"]))
    with torch.no_grad():
        table = good.model.bert.get_input_embeddings().weight
        kept = table.clone()
        for word, number in own.items():
            table[min(other.get(word, number), len(table) - 1)] = kept[number]
    return good
