"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_survives_large_logits
misconception: exp can be taken of any logit
explain: For large logits exp overflows and your result is not a number. A softmax does not change when a
  row is shifted, so shift it to where exp is harmless.
"""

def dJ_do(o, y):
    e = torch.exp(o)
    return e / e.sum(dim=-1, keepdim=True) - y
