"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_survives_large_logits
misconception: subtracting the largest of all logits is as good as the largest of the row
explain: You subtract the largest logit of the whole tensor. Rows far below it then underflow to 0/0; each
  row needs a shift of its own.
"""

def dJ_do(o, y):
    e = torch.exp(o - o.max())
    return e / e.sum(dim=-1, keepdim=True) - y
