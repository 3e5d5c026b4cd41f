"""
item: s001-3.3
cell: s001-3_3
caught_by: verdict_after_few_items_follows_from_the_models
misconception: more varied text is better text
explain: By your own models the one that read tweets is the worse one after 160 items.
"""

# Replace each None by your answer, and delete the `raise` below.
few_items = None
many_items = None
misread_began_as = None
few_items = "tweet"
many_items = "undecided"
misread_began_as = "nothing"
