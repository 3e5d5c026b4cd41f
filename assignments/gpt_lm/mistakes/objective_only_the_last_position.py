"""
item: s004-1.06
cell: s004-1_06
caught_by: the_target_is_the_next_token
misconception: a window makes one prediction
explain: Only the last position of each window counts. All n positions predict; using one of them throws
  away most of the text.
"""

def lm_forward(model, tokens):
    logits = model(tokens[:, :-1])
    return logits, F.cross_entropy(logits[:, -1], tokens[:, -1])
