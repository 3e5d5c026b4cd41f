"""
item: s002-1.3
cell: s002-1_3
why: tanh saturates and its slopes die; at rest it is steepest and the gradient grows
"""


def not_sufficient():
    return {"act": "tanh", "W": 10 * np.eye(3), "h0": np.ones(3)}


def explodes():
    return {"act": "tanh", "W": 2 * np.eye(2), "h0": np.zeros(2)}


necessary = np.bool_(True)
sufficient = np.bool_(False)
