"""
item: s002-1.3
cell: s002-1_3
why: a ReLU that starts below 0 is off at once; one that starts above 0 stays on
"""


def not_sufficient():
    return {"h0": (-1.0,), "W": ((3.0,),), "act": "relu"}


def explodes():
    return {"h0": [2.0, 1.0], "W": [[1.2, 0.3], [0.1, 1.1]], "act": "relu"}


necessary = "True"
sufficient = "false"
