"""
item: s000-5.1.9b
cell: s000-5_1_9b
caught_by: each_loss_becomes_its_perplexity, the_perplexity_curve_belongs_to_the_run
misconception: the loss is a mean of squares
explain: You take exp of twice the loss. Perplexity is exp of the loss itself.
"""

def perplexity_log(log):
    return [(step, ppl(2 * a), ppl(2 * b)) for step, a, b in log]
