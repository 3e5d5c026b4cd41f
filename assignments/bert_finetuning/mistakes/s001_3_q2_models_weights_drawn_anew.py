"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
caught_by: models_know_more_than_the_majority_class, hidden_items_after_160_examples,
  models_grew_from_the_pre_trained_weights, models_expect_their_own_tokenizer,
  kept_back_items_are_harder_than_trained_ones
misconception: building the model from its configuration loads it
explain: Re-initialised weights: this model grew from random numbers. It was trained, and on 640 items
  nobody notices, but what the pre-trained one knew was thrown away before the first step.
"""

def tuned_on(size, seed):
    def build():
        torch.manual_seed(seed)
        return BertForSentenceClassification(
            BertConfig.from_pretrained(bert_models.folder(NAMES["math"]), num_labels=3)
        )

    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    return run(f"random-{size}-{seed}", "", build, bert_models.tokenizer(NAMES["math"]), items, seed)
