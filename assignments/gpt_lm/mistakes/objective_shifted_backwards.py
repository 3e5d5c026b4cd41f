"""
item: s004-1.06
cell: s004-1_06
caught_by: the_target_is_the_next_token
misconception: the model is asked for the word before
explain: Your shift goes the wrong way: the model reads words 1 to n and is asked for words 0 to n - 1, each
  of which came before.
"""

def lm_forward(model, tokens):
    logits = model(tokens[:, 1:])
    return logits, F.cross_entropy(logits.flatten(0, 1), tokens[:, :-1].flatten())
