"""
item: s004-1.06
cell: s004-1_06
caught_by: the_target_is_the_next_token, repeating_what_was_read_is_no_prediction
misconception: the target is the input
explain: You ask the model for the very word it reads. It will learn to copy, with a loss of 0, far below
  the entropy of any language. Position i is asked for word i + 1.
"""

def lm_forward(model, tokens):
    logits = model(tokens[:, :-1])
    return logits, F.cross_entropy(logits.flatten(0, 1), tokens[:, :-1].flatten())
