# %% dead_relu
"""a ReLU that starts below 0 is off at once; one that starts above 0 stays on"""
def not_sufficient():
    return {"h0": (-1.0,), "W": ((3.0,),), "act": "relu"}

def explodes():
    return {"h0": [2.0, 1.0], "W": [[1.2, 0.3], [0.1, 1.1]], "act": "relu"}

necessary = "True"

sufficient = "false"


# %% saturated_sigmoid
"""steep weights drive the sigmoid into its flat part; around its middle it can also explode"""
def not_sufficient():
    return {"act": "sigmoid", "W": [[40.0]], "h0": [5.0]}

def explodes():
    # W sends equal entries to 0, so every slope is 1/4; differences grow by 1.5 per step.
    return {"act": "sigmoid", "W": [[3.0, -3.0], [-3.0, 3.0]], "h0": [0.0, 0.0]}


# %% saturated_tanh
"""tanh saturates and its slopes die; at rest it is steepest and the gradient grows"""
def not_sufficient():
    return {"act": "tanh", "W": 10 * np.eye(3), "h0": np.ones(3)}

def explodes():
    return {"act": "tanh", "W": 2 * np.eye(2), "h0": np.zeros(2)}

necessary = np.bool_(True)

sufficient = np.bool_(False)


# %% small_eigenvalues
"""norm above 9, spectral radius 1/2, so powers die out; a rotation with stretch explodes; W may be a tensor"""
def not_sufficient():
    return {"act": "identity", "W": torch.tensor([[0.5, 9.0], [0.0, 0.4]]), "h0": torch.ones(2)}

def explodes():
    return {"act": "identity", "W": [[0.0, -50.0], [50.0, 0.0]], "h0": [1.0, 2.0]}

necessary = 1

sufficient = 0
