"""
item: s000-4.1a-order
cell: s000-4_1a-order
caught_by: leading_order_keeps_both_terms
misconception: the matrices dominate
explain: You chose the projections alone. For a long sequence of narrow tokens the pairs are nearly all of
  the work.
"""

leading_order = "b"
