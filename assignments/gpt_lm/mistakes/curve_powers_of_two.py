"""
item: s000-5.1.9b
cell: s000-5_1_9b
caught_by: each_loss_becomes_its_perplexity, the_perplexity_curve_falls_from_v
misconception: perplexity is two to the loss
explain: You take powers of 2. The losses are in nats, so the base is e; the curve should start near the
  size of the vocabulary.
"""

def perplexity_log(log):
    return [(step, 2**a, 2**b) for step, a, b in log]
