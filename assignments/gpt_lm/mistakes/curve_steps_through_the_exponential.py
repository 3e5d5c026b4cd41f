"""
item: s000-5.1.9b
cell: s000-5_1_9b
caught_by: each_loss_becomes_its_perplexity, perplexities_leave_the_log_alone
misconception: the whole row goes through exp
explain: You take exp of the whole row, the step included. Steps stay what they are.
"""

def perplexity_log(log):
    return [tuple(math.exp(min(value, 700.0)) for value in row) for row in log]
