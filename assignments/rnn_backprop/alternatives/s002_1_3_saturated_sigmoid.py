"""
item: s002-1.3
cell: s002-1_3
why: steep weights drive the sigmoid into its flat part; around its middle it can also explode
"""


def not_sufficient():
    return {"act": "sigmoid", "W": [[40.0]], "h0": [5.0]}


def explodes():
    # W sends equal entries to 0, so every slope is 1/4; differences grow by 1.5 per step.
    return {"act": "sigmoid", "W": [[3.0, -3.0], [-3.0, 3.0]], "h0": [0.0, 0.0]}


necessary = True
sufficient = False
