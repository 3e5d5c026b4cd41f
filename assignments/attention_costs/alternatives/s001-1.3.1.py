# %% as_a_function
"""p may be a function of the offset, and one weight of zero is enough"""
def position_scores(offset):
    return {1: math.log(2.0), -1: 0.0}.get(offset, -math.inf)

conv_params = {"WQ": 0, "WK": 1, "WV": 3, "p": position_scores}


# %% as_tensors
"""numbers may be tensors of one entry"""
conv_params = {"WQ": torch.zeros(1, 1), "WK": torch.zeros(1, 1), "WV": torch.tensor([[3.0]]), "p": {1: torch.tensor(2.0).double().log(), -1: torch.zeros(1)}, "default": torch.tensor(-math.inf)}


# %% logarithms_of_the_weights
"""scores may all be shifted: the logarithms of 2/3 and 1/3"""
conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: math.log(2 / 3), -1: math.log(1 / 3)}, "default": -math.inf}


# %% logarithms_of_thirds
"""logarithms of the weights themselves, beside minus a billion"""
conv_params = {"WQ": 0, "WK": 0, "WV": 3.0, "p": {1: math.log(2/3), -1: math.log(1/3)}, "default": -1e9}


# %% minus_a_billion
"""a billion below is as good as infinity"""
conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: 5.0 + math.log(2), -1: 5.0, 0: -1e9}, "default": -1e9}


# %% minus_thirty_five
"""e to the power of -35 is far below rounding"""
conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: math.log(2), -1: 0.0, 0: -35.0}, "default": -35.0}


# %% shifted_far_above_zero
"""the neighbours stand forty above a default of zero"""
conv_params = {"WQ": 1.0, "WK": 0.0, "WV": 3, "p": {1: 40 + math.log(2), -1: 40}, "default": 0}
