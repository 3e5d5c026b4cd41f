"""
item: s001-1.3.2-zero
cell: s001-1_3_2-zero
caught_by: zero_input_pools_like_this
misconception: zero turns the order around
explain: You expect the smallest value. Only a negative query would turn the order of the scores around.
"""

pool_at_zero = "e"
