"""
item: s004-1.06
cell: s004-1_06
caught_by: the_target_is_the_next_token, the_loss_is_a_mean_over_predictions
misconception: information is measured in bits
explain: Your loss is in bits. Nats are asked for: the natural logarithm.
"""

def lm_forward(model, tokens):
    logits = model(tokens[:, :-1])
    return logits, F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten()) / math.log(2)
