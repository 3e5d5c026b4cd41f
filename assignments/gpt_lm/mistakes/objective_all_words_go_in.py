"""
item: s004-1.06
cell: s004-1_06
caught_by: the_model_never_reads_the_last_token
misconception: the last logits can be thrown away
explain: You feed all n + 1 words and drop the last logits. For a causal model the loss is the same, but a
  model with room for n words refuses the window, and one without a mask would be shown its last target.
"""

def lm_forward(model, tokens):
    logits = model(tokens)[:, :-1]
    return logits, F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
