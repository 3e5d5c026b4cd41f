"""
item: s004-1.06
cell: s004-1_06
caught_by: the_target_is_the_next_token
misconception: number 0 is padding
explain: You ignore targets with number 0. There is no padding here: number 0 is a word like any other.
"""


def lm_forward(model, tokens):
    logits = model(tokens[:, :-1])
    return logits, F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten(), ignore_index=0)
