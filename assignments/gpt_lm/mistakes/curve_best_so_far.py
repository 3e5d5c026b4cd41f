"""
item: s000-5.1.9b
cell: s000-5_1_9b
caught_by: each_loss_becomes_its_perplexity
misconception: a learning curve never rises
explain: Your validation column holds the best perplexity so far. Give each row its own, or the curve hides that
  a model gets worse.
"""


def perplexity_log(log):
    m = [min(r[2] for r in log[: k + 1]) for k in range(len(log))]
    log = [(a, b, c) for (a, b, _), c in zip(log, m, strict=False)]
    return [(step, ppl(train_loss), ppl(validation_loss)) for step, train_loss, validation_loss in log]
