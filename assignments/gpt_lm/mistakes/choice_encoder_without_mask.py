"""
item: s004-1.06-choice
cell: s004-1_06-choice
caught_by: the_choice_is_a_causal_stack
misconception: an encoder can predict the next word
explain: At position i your design sees word i + 1, the very word it should predict. In training that is no
  prediction, and in use the word is not there.
"""

answers["s004-1.06"] = {"a"}
