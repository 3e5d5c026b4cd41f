"""
item: s002-1.3
cell: s002-1_3
caught_by: witness_lies_beyond_the_vanishing_bound, witness_vanishes_beyond_the_bound
misconception: a gradient that vanishes between delta and 1 is enough
explain: In your example gamma ||W|| is below 1. There the bound of the last item forces the gradient to
  vanish; the question is what happens above 1.
"""


def not_sufficient():
    return {"act": "identity", "W": (0.9 * np.eye(2)).tolist(), "h0": [1.0, 1.0]}


def explodes():
    return {"act": "identity", "W": [[1.1]], "h0": [1.0]}


necessary = True
sufficient = False
