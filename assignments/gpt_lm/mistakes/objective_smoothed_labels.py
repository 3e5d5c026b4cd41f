"""
item: s004-1.06
cell: s004-1_06
caught_by: the_target_is_the_next_token, repeating_what_was_read_is_no_prediction
misconception: a regulariser belongs into the loss
explain: You smooth the labels. Then the loss is not the cross-entropy any more: it cannot reach the entropy of
  the language, and exp of it is no perplexity.
"""


def lm_forward(model, tokens):
    logits = model(tokens[:, :-1])
    return logits, F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten(), label_smoothing=0.1)
