"""
item: s001-3.3
cell: s001-3_3
why: read from a table of one's own
"""

answers = {"few": "math", "many": "undecided", "misread": "nothing"}
few_items = answers["few"]
many_items = answers["many"]
misread_began_as = answers["misread"]
