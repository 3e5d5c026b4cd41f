"""
item: s002-1.3
cell: s002-1_3
caught_by: witness_vanishes_beyond_the_bound
misconception: ReLU kills gradients by itself
explain: Your ReLU stays on: the state is positive and W keeps it positive. Only a state that is negative
  shuts it.
"""


def not_sufficient():
    return {"act": "relu", "W": [[1.5]], "h0": [1.0]}


def explodes():
    return {"act": "identity", "W": [[1.1]], "h0": [1.0]}


necessary = True
sufficient = False
