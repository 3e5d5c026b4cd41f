"""
item: s002-1.3
cell: s002-1_3
caught_by: witness_of_explosion_explodes
misconception: large weights make the gradient explode
explain: Your weights are large, but they drive tanh into its flat part: the slopes are nearly 0 and the
  gradient vanishes.
"""


def not_sufficient():
    return {"act": "identity", "W": [[0.0, 50.0], [0.0, 0.0]], "h0": [1.0, 1.0]}


def explodes():
    return {"act": "tanh", "W": [[10.0]], "h0": [1.0]}


necessary = True
sufficient = False
