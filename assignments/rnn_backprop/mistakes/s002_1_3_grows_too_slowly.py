"""
item: s002-1.3
cell: s002-1_3
caught_by: witness_of_explosion_explodes
misconception: anything above 1 explodes soon
explain: Your factor is above 1, but so little that 300 steps do not bring it past 1000.
"""


def not_sufficient():
    return {"act": "identity", "W": [[0.0, 50.0], [0.0, 0.0]], "h0": [1.0, 1.0]}


def explodes():
    return {"act": "identity", "W": [[1.001]], "h0": [1.0]}


necessary = True
sufficient = False
