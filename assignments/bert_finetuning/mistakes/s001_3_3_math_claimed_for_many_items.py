"""
item: s001-3.3
cell: s001-3_3
caught_by: verdict_after_many_items_follows_from_the_models
misconception: pre-training always pays
explain: After 640 items your models from math and from random weights cannot be told apart. The task itself
  has taught what pre-training had to offer.
"""

# Replace each None by your answer, and delete the `raise` below.
few_items = None
many_items = None
misread_began_as = None
few_items = "math"
many_items = "math"
misread_began_as = "nothing"
