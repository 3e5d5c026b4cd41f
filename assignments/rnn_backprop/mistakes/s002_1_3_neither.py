"""
item: s002-1.3
cell: s002-1_3
caught_by: necessary_but_is_it_sufficient
misconception: a bound says nothing about the other side
explain: You say that the condition is not necessary. If it fails, the last item applies: the gradient
  vanishes, and so it cannot explode.
"""


def not_sufficient():
    return {"act": "identity", "W": [[0.0, 50.0], [0.0, 0.0]], "h0": [1.0, 1.0]}


def explodes():
    return {"act": "identity", "W": [[1.1]], "h0": [1.0]}


necessary = False
sufficient = False
