"""
item: s002-1.3
cell: s002-1_3
caught_by: witness_lies_beyond_the_vanishing_bound, witness_vanishes_beyond_the_bound
misconception: at 1 the gradient is kept
explain: In your example gamma ||W|| is exactly 1, the border. Go clearly above it, and the gradient can
  still vanish.
"""


def not_sufficient():
    return {"act": "tanh", "W": [[1.0]], "h0": [0.5]}


def explodes():
    return {"act": "identity", "W": [[1.1]], "h0": [1.0]}


necessary = True
sufficient = False
