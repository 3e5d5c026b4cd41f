"""
item: s004-1.06
cell: s004-1_06
caught_by: the_loss_is_a_mean_over_predictions, the_target_is_the_next_token
misconception: the mean is over windows
explain: You add up the losses within a window and average over windows. The loss per prediction is an
  average over both.
"""

def lm_forward(model, tokens):
    logits = model(tokens[:, :-1])
    return logits, F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten(), reduction="sum") / len(tokens)
