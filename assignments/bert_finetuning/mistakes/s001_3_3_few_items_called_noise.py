"""
item: s001-3.3
cell: s001-3_3
caught_by: verdict_after_few_items_follows_from_the_models
misconception: seeds always blur the picture
explain: You call math and tweet undecided after 160 items. By your own models the gap is several times its
  error.
"""

# Replace each None by your answer, and delete the `raise` below.
few_items = None
many_items = None
misread_began_as = None
few_items = "undecided"
many_items = "undecided"
misread_began_as = "nothing"
