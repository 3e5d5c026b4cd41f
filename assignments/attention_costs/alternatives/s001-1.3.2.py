# %% as_a_function
"""p may be a function of the offset"""
def maxpool_params(k, lam):
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": lambda offset: 0.0 if abs(offset) <= k else -math.inf}


# %% as_tensors_and_very_negative
"""tensors of one entry, and a penalty far beyond any product"""
def maxpool_params(k, lam):
    window = {int(offset): torch.tensor(0.0) for offset in torch.arange(-k, k + 1)}
    return {"WQ": torch.tensor([[float(lam)]]).double(), "WK": torch.ones(1, 1), "WV": torch.ones(1, 1), "p": window, "default": -1e30}


# %% keys_stretched
"""stretching keys is the same as stretching queries; one constant for all of p changes nothing"""
def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 2.5)
    return {"WQ": 1, "WK": lam, "WV": 1, "p": window, "default": -math.inf}


# %% looked_up_by_a_method
"""the method of a dict is a function of the offset, and its None means the default"""
def maxpool_params(k, lam):
    window = dict.fromkeys(np.arange(-k, k + 1), 0)
    return {"WQ": lam, "WK": 1, "WV": 1, "p": window.get, "default": -np.inf}


# %% negative_root_on_both_sides
"""minus the root on both sides, and a function of the offset"""
def maxpool_params(k, lam):
    s = math.sqrt(lam)
    return {"WQ": -s, "WK": -s, "WV": 1, "p": lambda o: 0. if abs(o) <= k else -math.inf, "default": 0.}


# %% penalty_that_grows_with_lam
"""a penalty that grows with lam"""
def maxpool_params(k, lam):
    return {"WQ": np.sqrt(lam), "WK": np.sqrt(lam), "WV": np.ones(1), "p": {int(o): 0 for o in np.arange(-k, k + 1)}, "default": -1e6 * max(lam, 1)}


# %% root_on_both_sides
"""the factor may be split between queries and keys"""
def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": lam**0.5, "WK": math.sqrt(lam), "WV": 1.0, "p": window, "default": -math.inf}


# %% stretched_on_both_sides
"""a product of lam squared is sharper still, within the bound"""
def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": max(lam, 1.0), "WK": max(lam, 1.0), "WV": 1.0, "p": window, "default": -math.inf}
