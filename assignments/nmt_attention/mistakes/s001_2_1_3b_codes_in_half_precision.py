"""
item: s001-2.1.3b
cell: s001-2_1_3b
caught_by: each_entry_follows_the_formula, shift_by_k_is_the_same_rotation_everywhere
misconception: half precision is enough between -1 and 1
explain: You compute the angles in half precision. They grow with the position, and far out nothing is left of
  their digits. Compute in float32 at least.
"""


def sinusoidal(n, d):
    p = torch.arange(n).half()[:, None]
    f = 10000.0 ** (-torch.arange(0, d, 2).half() / d)
    t = torch.zeros(n, d)
    t[:, 0::2] = torch.sin(p * f)
    t[:, 1::2] = torch.cos(p * f)
    return t
