"""
item: s004-1.06-choice
cell: s004-1_06-choice
why: a list with one letter
"""

answers["s004-1.06"] = ["b"]
