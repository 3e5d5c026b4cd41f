"""
item: s000-4.1a-order
cell: s000-4_1a-order
why: so is a list, and a bracket is no letter
"""

leading_order = ["c)"]
