"""
item: s004-1.06
cell: s004-1_06
caught_by: the_loss_can_be_differentiated
misconception: whoever computes a loss is training
explain: You switch the model to training mode. evaluate calls this function too, and then measures with dropout on.
"""


def lm_forward(model, tokens):
    model.train()
    logits = model(tokens[:, :-1])
    return logits, F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
