"""
item: s001-3.3
cell: s001-3_3
caught_by: what_the_misread_model_began_as
misconception: a model knows what its checkpoint knows
explain: The misread model knew nothing about tweets: none of the stored tensors arrived, it is
  re-initialised. Its loaded fraction is 0.
"""

# Replace each None by your answer, and delete the `raise` below.
few_items = None
many_items = None
misread_began_as = None
few_items = "math"
many_items = "undecided"
misread_began_as = "tweets"
