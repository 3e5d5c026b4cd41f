# %% by_matrix
"""multiplies by I - 11'/d, which is symmetric"""
answers["s003-12a"] = "b, d"


def demean_backward(g):
    d = np.shape(g)[-1]
    return g @ (np.eye(d) - np.ones((d, d)) / d)


# %% by_the_forward_pass
"""centring is its own backward pass"""
answers["s003-12a"] = ["D", "B"]


def demean_backward(g):
    return centre(g)


# %% in_torch
"""autograd on a tensor"""
def demean_backward(g):
    x = torch.zeros(*np.shape(g), dtype=torch.float64, requires_grad=True)
    (x - x.mean(-1, keepdim=True)).backward(torch.as_tensor(np.array(g)))
    return x.grad
