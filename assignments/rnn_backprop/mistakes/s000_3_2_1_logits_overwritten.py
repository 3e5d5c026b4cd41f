"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_has_no_side_effects
misconception: the arguments are scratch space
explain: Your function shifts the logits in place, so the caller's logits have changed after the call.
  Compute the shift into a new tensor.
"""

def dJ_do(o, y):
    o -= o.max(dim=-1, keepdim=True).values
    e = torch.exp(o)
    return e / e.sum(dim=-1, keepdim=True) - y
