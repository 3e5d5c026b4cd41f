"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: one_loss_keeps_precision
misconception: torch.zeros has the right dtype by itself
explain: You collect the sum in a tensor of torch's default dtype, float32. float64 inputs lose half of
  their digits there.
"""

def dJt_dWhh(gh, h):
    total = torch.zeros(h.shape[1], h.shape[1])
    for g, state in zip(gh, h, strict=True):
        total += torch.outer(g, state)
    return total
