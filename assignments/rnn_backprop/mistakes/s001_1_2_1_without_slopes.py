"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: jacobian_matches_autograd, jacobian_of_no_step_and_one_neuron
misconception: only the weights carry the gradient
explain: Your Jacobian is a power of W. Each step also passes through a sigmoid, which multiplies by its
  slope.
"""


def jacobian(W, x1, n):
    return torch.linalg.matrix_power(W, n - 1)


def jacobian_bound(n, smax=0.25):
    return (smax / 4) ** (n - 1)


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
