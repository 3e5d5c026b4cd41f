"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: jacobian_matches_autograd, jacobian_of_no_step_and_one_neuron
misconception: the slopes of a step are taken at its input state
explain: You compute x_t (1 - x_t) from the state that enters the step. The sigmoid of step t is applied
  to W x_t, so its slope belongs to the state that leaves.
"""


def jacobian(W, x1, n):
    J, x = torch.eye(len(x1), dtype=W.dtype), x1
    for _ in range(n - 1):
        J = (x * (1 - x))[:, None] * (W @ J)
        x = torch.sigmoid(W @ x)
    return J


def jacobian_bound(n, smax=0.25):
    return (smax / 4) ** (n - 1)


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
