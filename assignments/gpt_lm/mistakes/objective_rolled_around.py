"""
item: s004-1.06
cell: s004-1_06
caught_by: the_target_is_the_next_token, logits_belong_to_the_tokens_read
misconception: torch.roll shifts
explain: torch.roll puts the first word of the window behind the last one, so the last position is asked for
  a word that does not follow. A window of n + 1 words makes n predictions.
"""

def lm_forward(model, tokens):
    logits = model(tokens)
    return logits, F.cross_entropy(logits.flatten(0, 1), tokens.roll(-1, dims=1).flatten())
