"""
item: s002-1.3
cell: s002-1_3
caught_by: witness_of_explosion_explodes
misconception: a large entry makes the gradient explode
explain: Your W has a large entry, but its square is 0: after two steps no gradient is left.
"""


def not_sufficient():
    return {"act": "identity", "W": [[0.0, 50.0], [0.0, 0.0]], "h0": [1.0, 1.0]}


def explodes():
    return {"act": "identity", "W": [[0.0, 50.0], [0.0, 0.0]], "h0": [1.0, 1.0]}


necessary = True
sufficient = False
