"""
item: s001-1.3.2-zero
cell: s001-1_3_2-zero
caught_by: zero_input_pools_like_this
misconception: it depends on lam
explain: You name two answers. The scores of that row are the same for every lam, so only one thing can come
  out.
"""

pool_at_zero = "ac"
