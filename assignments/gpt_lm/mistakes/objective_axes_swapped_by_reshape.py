"""
item: s004-1.06
cell: s004-1_06
caught_by: the_target_is_the_next_token
misconception: reshape puts the classes where cross_entropy wants them
explain: You reshape logits (b, n, V) to (b, V, n). That does not move the classes to the second axis, it
  scrambles them; axes are moved by transpose.
"""

def lm_forward(model, tokens):
    logits = model(tokens[:, :-1])
    b, n, V = logits.shape
    return logits, F.cross_entropy(logits.reshape(b, V, n), tokens[:, 1:])
