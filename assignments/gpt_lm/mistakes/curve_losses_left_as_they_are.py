"""
item: s000-5.1.9b
cell: s000-5_1_9b
caught_by: each_loss_becomes_its_perplexity, the_perplexity_curve_falls_from_v
misconception: perplexity is another word for loss
explain: You return the losses themselves. Perplexity is their exponential.
"""

def perplexity_log(log):
    return [tuple(row) for row in log]
