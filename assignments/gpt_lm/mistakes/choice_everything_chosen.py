"""
item: s004-1.06-choice
cell: s004-1_06-choice
caught_by: the_choice_is_a_causal_stack
misconception: all of them are Transformers
explain: You chose everything. In all designs but one, a position can see words that it should predict.
"""

answers["s004-1.06"] = {"a", "b", "c", "d"}
