"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_matches_autograd, each_row_of_logits_stands_alone
misconception: a loss is always a mean over the batch
explain: You divided by the number of rows. Each row is a prediction with a loss of its own here; nothing is
  averaged.
"""

def dJ_do(o, y):
    return (torch.softmax(o, dim=-1) - y) / max(1, y[..., 0].numel())
