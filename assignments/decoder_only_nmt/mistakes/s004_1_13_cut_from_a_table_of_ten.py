"""
item: s004-1.13
cell: s004-1_13
caught_by: prefix_mask_is_a_square_of_booleans
misconception: ten tokens are enough
explain: Your mask is cut from one of fixed size, so long sequences get one that is too small. Make it
  from n and m.
"""

_M = torch.ones(10, 10).tril().bool()


def prefix_mask(n, m):
    mask = _M[: n + m, : n + m].clone()
    mask[:n, :n] = True
    return mask
