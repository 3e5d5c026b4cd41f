"""
item: s000-4.1a-order
cell: s000-4_1a-order
caught_by: leading_order_keeps_both_terms
misconception: bounds multiply
explain: Yours is an upper bound but not a tight one: the total is a sum of two terms, and their product
  exceeds it by any factor you like.
"""

leading_order = "d"
