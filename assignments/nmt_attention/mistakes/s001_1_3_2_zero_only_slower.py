"""
item: s001-1.3.2-zero
cell: s001-1_3_2-zero
caught_by: zero_input_pools_like_this
misconception: a small input only slows convergence
explain: You expect the maximum, later. For a small positive input that is right; at zero itself the scores
  do not contain lam at all.
"""

pool_at_zero = "a"
