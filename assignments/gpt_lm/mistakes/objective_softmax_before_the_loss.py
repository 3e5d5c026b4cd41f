"""
item: s004-1.06
cell: s004-1_06
caught_by: the_target_is_the_next_token
misconception: cross_entropy wants probabilities
explain: You apply softmax before cross_entropy, which applies it again. The loss can then never come close
  to 0.
"""

def lm_forward(model, tokens):
    logits = model(tokens[:, :-1])
    return logits, F.cross_entropy(logits.flatten(0, 1).softmax(-1), tokens[:, 1:].flatten())
