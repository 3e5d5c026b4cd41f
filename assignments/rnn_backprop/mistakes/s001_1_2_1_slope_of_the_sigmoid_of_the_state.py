"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: jacobian_matches_autograd
misconception: the slope is sigmoid' at the new state
explain: You take the slope of the sigmoid at the new state, so the sigmoid is applied twice. Its argument
  is the pre-activation W x_t.
"""


def jacobian(W, x1, n):
    J, x = torch.eye(len(x1), dtype=W.dtype), x1
    for _ in range(n - 1):
        x = torch.sigmoid(W @ x)
        s = torch.sigmoid(x)
        J = (s * (1 - s))[:, None] * (W @ J)
    return J


def jacobian_bound(n, smax=0.25):
    return (smax / 4) ** (n - 1)


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
