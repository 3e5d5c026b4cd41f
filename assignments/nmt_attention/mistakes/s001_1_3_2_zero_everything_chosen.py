"""
item: s001-1.3.2-zero
cell: s001-1_3_2-zero
caught_by: zero_input_pools_like_this
misconception: anything may happen
explain: You chose all letters. Write down the scores of the row: there is nothing left to chance.
"""

pool_at_zero = {"a", "b", "c", "d", "e"}
