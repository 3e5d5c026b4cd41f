"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_keeps_precision
misconception: float32 is enough
explain: Your result is computed in float32. Inputs in float64 then lose half of their digits, and a check
  by finite differences fails for no other reason.
"""

def dJ_do(o, y):
    return torch.softmax(o.float(), dim=-1) - y.float()
