# %% added_to_each_example
"""each example carries the penalty, and then the mean is taken"""
which_line = " G "


def new_line(per_example_grads, theta, gamma):
    return (np.asarray(per_example_grads) + 2 * gamma * np.asarray(theta)[None]).mean(0)


# %% by_autograd
"""the slope of the penalty by autograd, and a list back"""
def new_line(per_example_grads, theta, gamma):
    x = torch.tensor(np.array(theta), requires_grad=True)
    (slope,) = torch.autograd.grad(gamma * (x @ x), x)
    return (torch.tensor(np.array(per_example_grads)).sum(0) / len(per_example_grads) + slope).tolist()


# %% einsum
"""the mean as a product with equal weights"""
def new_line(per_example_grads, theta, gamma):
    m = len(per_example_grads)
    return np.einsum("m,md->d", np.full(m, 1 / m), per_example_grads) + gamma * (theta + theta)
