"""
item: s001-1.3.2-zero
cell: s001-1_3_2-zero
why: case does not matter
"""

pool_at_zero = "C"
