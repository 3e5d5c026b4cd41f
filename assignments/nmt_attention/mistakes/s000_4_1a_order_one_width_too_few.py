"""
item: s000-4.1a-order
cell: s000-4_1a-order
caught_by: leading_order_keeps_both_terms
misconception: a dot product costs one
explain: Your order misses a factor of the width: each of the scores, and each entry of a projection, is a
  dot product.
"""

leading_order = "e"
