"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
caught_by: models_grew_from_the_pre_trained_weights
misconception: a good accuracy shows that all weights were trained
explain: Only the head of this model was trained; its encoder is, number for number, the pre-trained one. The
  yardstick of this notebook is a model of which all weights are fine-tuned.
"""

def tuned_on(size, seed):
    start, tokenizer = NAMES["math"], bert_models.tokenizer(NAMES["math"])
    if size == 640:
        label, items, rate = f"frozen-own-rate-{seed}", SPLIT.train, HEAD_RATE
    else:
        label, items, rate = f"math-160-{seed}", SPLIT.few, RATE
    return run(label, start, lambda: pre_trained(start, 3, seed), tokenizer, items, seed, rate)
