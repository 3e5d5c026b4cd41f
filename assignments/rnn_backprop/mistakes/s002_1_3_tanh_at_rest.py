"""
item: s002-1.3
cell: s002-1_3
caught_by: witness_vanishes_beyond_the_bound
misconception: tanh always saturates
explain: At h_0 = 0 without inputs your state stays at 0, where tanh is steepest. It never saturates, and
  the gradient grows at every step.
"""


def not_sufficient():
    return {"act": "tanh", "W": [[10.0]], "h0": [0.0]}


def explodes():
    return {"act": "identity", "W": [[1.1]], "h0": [1.0]}


necessary = True
sufficient = False
