"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_matches_autograd
misconception: a target is the index of a class
explain: You replaced the target by its largest class. Targets may be soft, and then every class keeps its
  own share.
"""

def dJ_do(o, y):
    hard = torch.zeros_like(y).scatter_(-1, y.argmax(dim=-1, keepdim=True), 1)
    return torch.softmax(o, dim=-1) - hard
