# %% from_a_module
"""counts the weights of a module"""
def conv_params(cin, cout, k):
    return sum(p.numel() for p in nn.Conv2d(cin, cout, k, bias=False, device="meta").parameters())


# %% as_a_float
"""a whole number as a float"""
def conv_params(cin, cout, k):
    return float(cout) * cin * k**2


# %% with_numpy
"""a product of numpy's"""
def conv_params(cin, cout, k):
    return np.prod([cout, cin, k, k])
