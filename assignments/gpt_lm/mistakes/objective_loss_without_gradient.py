"""
item: s004-1.06
cell: s004-1_06
caught_by: the_loss_can_be_differentiated
misconception: the loss is a number
explain: You return the loss as a plain number, so backward() is no longer possible.
"""

def lm_forward(model, tokens):
    logits = model(tokens[:, :-1])
    return logits, F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten()).item()
