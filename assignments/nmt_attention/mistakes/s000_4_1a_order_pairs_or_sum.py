"""
item: s000-4.1a-order
cell: s000-4_1a-order
caught_by: leading_order_keeps_both_terms
misconception: several orders are right
explain: You name two orders. Only one of them bounds the total from above and from below for every
  proportion of length and width.
"""

leading_order = {"a", "c"}
