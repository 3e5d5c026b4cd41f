"""
item: s000-5.1.9b
cell: s000-5_1_9b
caught_by: each_loss_becomes_its_perplexity, the_perplexity_curve_belongs_to_the_run,
  the_perplexity_curve_falls_from_v
misconception: the expected curve is known
explain: Your curve is a fixed table that has nothing to do with the log. Compute it from the losses that
  you are given.
"""

def perplexity_log(log):
    table = [(0, 50853.211, 50823.046), (100, 900.0, 950.0), (200, 400.0, 430.0), (300, 250.0, 280.0)]
    return table[: len(log)]
