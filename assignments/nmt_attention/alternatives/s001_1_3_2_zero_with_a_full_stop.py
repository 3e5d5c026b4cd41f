"""
item: s001-1.3.2-zero
cell: s001-1_3_2-zero
why: punctuation is no letter
"""

pool_at_zero = "c."
