"""
item: s004-1.06-choice
cell: s004-1_06-choice
caught_by: the_choice_is_a_causal_stack
misconception: encoder and decoder do the same job
explain: One of your two designs sees the word that it should predict. What it can see is what tells the two
  apart.
"""

answers["s004-1.06"] = {"a", "b"}
