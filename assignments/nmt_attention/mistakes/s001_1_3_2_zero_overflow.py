"""
item: s001-1.3.2-zero
cell: s001-1_3_2-zero
caught_by: zero_input_pools_like_this
misconception: infinity times zero
explain: You expect an overflow. Zero times any finite lam is zero, and the other scores of that row are
  zero too.
"""

pool_at_zero = "d"
