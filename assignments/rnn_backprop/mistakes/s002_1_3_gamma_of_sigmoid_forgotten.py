"""
item: s002-1.3
cell: s002-1_3
caught_by: witness_lies_beyond_the_vanishing_bound, witness_vanishes_beyond_the_bound
misconception: every activation has gamma = 1
explain: The sigmoid is never steeper than 1/4. With ||W|| = 2 you have gamma ||W|| = 1/2, where the
  gradient has to vanish anyway.
"""


def not_sufficient():
    return {"act": "sigmoid", "W": [[2.0]], "h0": [0.0]}


def explodes():
    return {"act": "identity", "W": [[1.1]], "h0": [1.0]}


necessary = True
sufficient = False
