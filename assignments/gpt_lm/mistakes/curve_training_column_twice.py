"""
item: s000-5.1.9b
cell: s000-5_1_9b
caught_by: each_loss_becomes_its_perplexity, perplexities_leave_the_log_alone,
  the_perplexity_curve_belongs_to_the_run
misconception: training perplexity says it all
explain: Both of your columns come from the training loss. The last one belongs to validation.
"""

def perplexity_log(log):
    return [(step, ppl(a), ppl(a)) for step, a, b in log]
