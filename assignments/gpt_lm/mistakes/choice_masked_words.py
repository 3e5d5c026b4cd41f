"""
item: s004-1.06-choice
cell: s004-1_06-choice
caught_by: the_choice_is_a_causal_stack
misconception: filling gaps is predicting the next word
explain: Filling in masked words gives no probability for each next word in one pass: only the masked
  positions predict, and they see what comes after.
"""

answers["s004-1.06"] = {"d"}
