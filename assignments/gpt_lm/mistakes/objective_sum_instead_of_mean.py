"""
item: s004-1.06
cell: s004-1_06
caught_by: the_loss_is_a_mean_over_predictions, the_target_is_the_next_token
misconception: the loss is a sum
explain: You add up the losses of all predictions. Then the loss grows with the batch, and so does the
  gradient; the mean does not.
"""

def lm_forward(model, tokens):
    logits = model(tokens[:, :-1])
    return logits, F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten(), reduction="sum")
