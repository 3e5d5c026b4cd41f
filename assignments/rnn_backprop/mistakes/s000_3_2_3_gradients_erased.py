"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: one_loss_has_no_side_effects
misconception: what has been added up may be cleared
explain: Your function clears the gradients that it was given once it has used them. They belong to the
  caller, who needs them afterwards.
"""

def dJt_dWhh(gh, h):
    total = torch.zeros_like(torch.outer(gh[0], h[0]))
    for g, state in zip(gh, h, strict=True):
        total += g.unsqueeze(1) * state
        g.zero_()
    return total
