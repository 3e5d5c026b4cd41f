"""
item: s000-4.1a-order
cell: s000-4_1a-order
caught_by: leading_order_keeps_both_terms
misconception: quadratic in both
explain: Length and width do not appear apart from each other in any part of the cost: each part multiplies
  them.
"""

leading_order = "f"
