"""
item: s001-3.3
cell: s001-3_3
why: all three in one assignment
"""

few_items, many_items, misread_began_as = "math", "undecided", "nothing"
