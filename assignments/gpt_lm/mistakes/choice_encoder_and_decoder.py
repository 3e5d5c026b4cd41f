"""
item: s004-1.06-choice
cell: s004-1_06-choice
caught_by: the_choice_is_a_causal_stack
misconception: language modelling is a translation of a text into itself
explain: In your design the decoder attends to an encoder that has read the whole text, the words to be
  predicted included. Cross-attention makes sense where there is a separate input.
"""

answers["s004-1.06"] = {"c"}
