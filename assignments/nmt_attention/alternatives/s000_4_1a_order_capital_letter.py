"""
item: s000-4.1a-order
cell: s000-4_1a-order
why: case and spaces do not matter
"""

leading_order = " C "
