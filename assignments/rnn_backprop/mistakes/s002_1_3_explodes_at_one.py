"""
item: s002-1.3
cell: s002-1_3
caught_by: witness_of_explosion_explodes
misconception: a norm of 1 is enough to explode
explain: Your W keeps lengths: the gradient has the same size after 300 steps as at the start.
"""


def not_sufficient():
    return {"act": "identity", "W": [[0.0, 50.0], [0.0, 0.0]], "h0": [1.0, 1.0]}


def explodes():
    return {"act": "identity", "W": [[0.0, -1.0], [1.0, 0.0]], "h0": [1.0, 0.0]}


necessary = True
sufficient = False
