"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_matches_autograd
misconception: the gradient points where the loss falls
explain: Your gradient has the opposite sign. A gradient points where the loss grows; it is negative at the
  logit of the right class, because raising that logit lowers the loss.
"""

def dJ_do(o, y):
    return y - torch.softmax(o, dim=-1)
