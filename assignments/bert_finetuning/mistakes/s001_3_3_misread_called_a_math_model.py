"""
item: s001-3.3
cell: s001-3_3
caught_by: what_the_misread_model_began_as
misconception: the tokenizer brings its words along
explain: The misread model knew nothing about numbers. Ids are numbers without meaning until weights give
  them one, and its weights were drawn at random.
"""

# Replace each None by your answer, and delete the `raise` below.
few_items = None
many_items = None
misread_began_as = None
few_items = "math"
many_items = "undecided"
misread_began_as = "numbers"
