"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
why: the model is built at once and handed over by a function
"""

def tuned_on(size, seed):
    name = NAMES["math"]
    model, tokenizer = pre_trained(name, num_labels=3, seed=seed), bert_models.tokenizer(name)
    if size == 160:
        return run(f"math-160-{seed}", name, lambda: model, tokenizer, SPLIT.few, seed, RATE)
    return run(f"math-640-{seed}", name, lambda: model, tokenizer, SPLIT.train, seed, RATE)
