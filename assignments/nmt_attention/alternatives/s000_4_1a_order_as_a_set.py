"""
item: s000-4.1a-order
cell: s000-4_1a-order
why: a set with one letter is one letter
"""

leading_order = {"c"}
