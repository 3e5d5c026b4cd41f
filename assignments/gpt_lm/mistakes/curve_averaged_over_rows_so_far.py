"""
item: s000-5.1.9b
cell: s000-5_1_9b
caught_by: each_loss_becomes_its_perplexity, the_perplexity_curve_belongs_to_the_run
misconception: a smooth curve is a better curve
explain: Your perplexities are averaged over all rows so far. A smoothed curve hides what the model has at
  each moment; turn each row into its own perplexities.
"""

def perplexity_log(log):
    rows = [(step, ppl(train_loss), ppl(validation_loss)) for step, train_loss, validation_loss in log]
    return [(row[0], *(sum(r[k] for r in rows[: i + 1]) / (i + 1) for k in (1, 2))) for i, row in enumerate(rows)]
