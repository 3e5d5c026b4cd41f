"""
item: s002-1.3
cell: s002-1_3
caught_by: necessary_but_is_it_sufficient
misconception: what forbids vanishing brings explosion
explain: You say that large weights suffice. The bound multiplies the largest slope by the largest
  stretch; a step need not attain either.
"""


def not_sufficient():
    return {"act": "identity", "W": [[0.0, 50.0], [0.0, 0.0]], "h0": [1.0, 1.0]}


def explodes():
    return {"act": "identity", "W": [[1.1]], "h0": [1.0]}


necessary = True
sufficient = True
