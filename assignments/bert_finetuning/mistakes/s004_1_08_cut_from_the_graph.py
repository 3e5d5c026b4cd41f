"""
item: s004-1.08
cell: s004-1_08
caught_by: gradient_flows_to_the_chosen_position_only
misconception: a vector is a vector
explain: You read the right position from a detached copy. No gradient gets back to the model, so nothing
  below the head could be fine-tuned.
"""

def pool(H, mask, kind):
    ends = [row.nonzero().flatten().tolist() for row in mask]
    return torch.stack([H.detach()[k, e[0] if kind == "cls" else e[-1]] for k, e in enumerate(ends)])
