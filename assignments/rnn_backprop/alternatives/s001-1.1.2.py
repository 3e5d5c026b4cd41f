# %% cumulative_products
"""the last of the cumulative products of the sizes"""
def relu_chain_bound(ws):
    return np.cumprod([abs(float(w)) for w in ws])[-1]

def dead_example():
    return (1.001,), -1e-6


# %% largest_possible_slope
"""computes the slope of the chain with all gates open, with the function of the first item"""
def relu_chain_bound(ws):
    return relu_chain_grad([abs(w) for w in ws], 1.0)

def dead_example():
    ws, x = [9.0] * 12, -3
    assert float(relu_chain_grad(ws, x)) == 0
    return [ws, x]


# %% log_space_bound
"""adds logarithms of the sizes and exponentiates; a weight of 0 gives exp(-inf) = 0"""
def relu_chain_bound(ws):
    return torch.exp(torch.as_tensor(ws).abs().log().sum())

def dead_example():
    return torch.full((4,), 7.0), torch.tensor(-0.25)


# %% slope_by_autograd cell="s001-1_1_1"
"""autograd follows the values through the gates; keeps the dtype of the weights"""
def relu_chain_grad(ws, x):
    ws = torch.as_tensor(ws)
    with torch.enable_grad():
        start = torch.as_tensor(x).detach().clone().to(ws.dtype).requires_grad_(True)
        h = start
        for w in ws:
            h = torch.clamp(w * h, min=0)
        h.backward()
    return start.grad


# %% slope_from_signs cell="s001-1_1_1"
"""multiplies each weight by its gate, in one expression with tensors"""
def relu_chain_grad(ws, x):
    weights = torch.as_tensor(ws)
    gates = weights > 0
    gates[0] = weights[0] * x > 0
    return (weights * gates).prod()


# %% slope_in_a_loop cell="s001-1_1_1"
"""follows value and slope together, layer by layer"""
def relu_chain_grad(ws, x):
    slope, h = 1.0, x
    for w in ws:
        z = w * h
        on = 1.0 if z > 0 else 0.0
        slope, h = slope * w * on, z * on
    return float(slope)
