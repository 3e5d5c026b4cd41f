"""
item: s004-1.06
cell: s004-1_06
caught_by: the_target_is_the_next_token
misconception: flatten is flatten
explain: You flatten the logits window by window but the targets position by position. Each logit vector then
  meets the target of another place.
"""


def lm_forward(model, tokens):
    logits = model(tokens[:, :-1])
    return logits, F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].t().flatten())
