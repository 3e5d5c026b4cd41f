"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
caught_by: each_seed_is_a_run_of_its_own
misconception: a checkpoint is named after what was trained
explain: All your runs of one size are the same run: their checkpoint is named without the seed, so the
  first one is loaded again. A spread of zero over seeds is a sign of that.
"""

def tuned_on(size, seed):
    """What `run` returns: NAMES["math"], fine-tuned on 160 or 640 items with this seed."""
    start = NAMES["math"]
    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    tokenizer = bert_models.tokenizer(start)
    return run(f"math-{size}-0", start, lambda: pre_trained(start, 3, seed), tokenizer, items, seed)
