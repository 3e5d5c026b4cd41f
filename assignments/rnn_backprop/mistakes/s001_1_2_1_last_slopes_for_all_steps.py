"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: jacobian_matches_autograd
misconception: one diagonal matrix serves all steps
explain: You use the slopes of the last step in every step. The state moves on, so each step has slopes of
  its own.
"""


def jacobian(W, x1, n):
    x = x1
    for _ in range(n - 1):
        x = torch.sigmoid(W @ x)
    step = (x * (1 - x))[:, None] * W
    return torch.linalg.matrix_power(step, n - 1)


def jacobian_bound(n, smax=0.25):
    return (smax / 4) ** (n - 1)


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
