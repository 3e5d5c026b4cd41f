"""
item: s004-1.06
cell: s004-1_06
caught_by: the_loss_can_be_differentiated
misconception: a loss comes with its backward pass
explain: You call backward() here, and train_step does so again: gradients count twice, and evaluate leaves some
  behind.
"""


def lm_forward(model, tokens):
    logits = model(tokens[:, :-1])
    loss = F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
    if loss.requires_grad:
        loss.backward(retain_graph=True)
    return logits, loss
