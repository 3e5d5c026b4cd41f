"""
item: s002-1.3
cell: s002-1_3
caught_by: witness_vanishes_beyond_the_bound
misconception: slow growth counts as vanishing
explain: Your example multiplies by 1.1 at every step, so after 300 steps the gradient is huge. It
  explodes; asked is one that vanishes.
"""


def not_sufficient():
    return {"act": "identity", "W": (1.1 * np.eye(2)).tolist(), "h0": [1.0, -1.0]}


def explodes():
    return {"act": "identity", "W": [[1.1]], "h0": [1.0]}


necessary = True
sufficient = False
