"""
item: s001-3.3
cell: s001-3_3
caught_by: verdict_after_many_items_follows_from_the_models
misconception: a fresh start is better
explain: After 640 items your models cannot be told apart; random weights are no better.
"""

# Replace each None by your answer, and delete the `raise` below.
few_items = None
many_items = None
misread_began_as = None
few_items = "math"
many_items = "random"
misread_began_as = "nothing"
