"""
item: s000-4.1a-order
cell: s000-4_1a-order
caught_by: leading_order_keeps_both_terms
misconception: attention is n squared h
explain: You chose a bound without the projections. For a short sequence of very wide tokens they are nearly
  all of the work, and your order is exceeded by any factor you like.
"""

leading_order = "a"
