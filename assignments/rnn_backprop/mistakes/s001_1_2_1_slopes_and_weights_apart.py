"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: jacobian_matches_autograd
misconception: diagonal matrices can be collected on one side
explain: You collect all slopes in one factor and all weights in W to a power. Slopes and W do not
  commute, so they have to stay in turn.
"""


def jacobian(W, x1, n):
    x, slopes = x1, torch.ones_like(x1)
    for _ in range(n - 1):
        x = torch.sigmoid(W @ x)
        slopes = slopes * x * (1 - x)
    return slopes[:, None] * torch.linalg.matrix_power(W, n - 1)


def jacobian_bound(n, smax=0.25):
    return (smax / 4) ** (n - 1)


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
