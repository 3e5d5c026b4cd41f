"""
item: s004-1.06-choice
cell: s004-1_06-choice
why: a letter, in upper case, as text
"""

answers["s004-1.06"] = "B"
