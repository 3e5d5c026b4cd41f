"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: jacobian_bound_counts_steps_and_weights
misconception: 1/16 is the square of smax
explain: You square smax. It is a coincidence of the default that smax equals the steepest slope of the
  sigmoid: the second factor is that slope, not smax once more.
"""


def jacobian(W, x1, n):
    J, x = torch.eye(len(x1), dtype=W.dtype), x1
    for _ in range(n - 1):
        x = torch.sigmoid(W @ x)
        J = (x * (1 - x))[:, None] * (W @ J)
    return J


def jacobian_bound(n, smax=0.25):
    return smax ** (2 * (n - 1))


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
