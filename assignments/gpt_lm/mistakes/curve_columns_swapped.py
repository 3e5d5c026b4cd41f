"""
item: s000-5.1.9b
cell: s000-5_1_9b
caught_by: each_loss_becomes_its_perplexity, the_perplexity_curve_belongs_to_the_run
misconception: validation comes first
explain: Your columns are swapped. A row is (step, training, validation), as in the log of losses.
"""

def perplexity_log(log):
    return [(step, ppl(b), ppl(a)) for step, a, b in log]
