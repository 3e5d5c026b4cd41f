"""
item: s004-1.06
cell: s004-1_06
caught_by: the_target_is_the_next_token
misconception: once in the data and once in the loss
explain: You shift twice: position i is asked for word i + 2. One shift is enough, either in what goes in or
  in what is compared.
"""

def lm_forward(model, tokens):
    logits = model(tokens[:, :-1])
    return logits, F.cross_entropy(logits[:, :-1].flatten(0, 1), tokens[:, 2:].flatten())
