"""
item: s002-1.3
cell: s002-1_3
caught_by: necessary_but_is_it_sufficient
misconception: necessary and sufficient mixed up
explain: You have the two words the wrong way round. Necessary: it cannot happen without. Sufficient: it
  always happens with.
"""


def not_sufficient():
    return {"act": "identity", "W": [[0.0, 50.0], [0.0, 0.0]], "h0": [1.0, 1.0]}


def explodes():
    return {"act": "identity", "W": [[1.1]], "h0": [1.0]}


necessary = False
sufficient = True
