"""
item: s001-1.3.2-zero
cell: s001-1_3_2-zero
caught_by: zero_input_pools_like_this
misconception: a zero query gives a zero output
explain: You expect zero. The query decides about weights only, and weights always sum to 1; the values of
  the window are not zero.
"""

pool_at_zero = "b"
