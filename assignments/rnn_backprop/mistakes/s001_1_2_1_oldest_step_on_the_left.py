"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: jacobian_matches_autograd
misconception: the steps are multiplied in the order in which they happen
explain: You multiply the steps with the oldest on the left. The nudge of x_1 meets the oldest step first,
  so that one stands on the right.
"""


def jacobian(W, x1, n):
    J, x = torch.eye(len(x1), dtype=W.dtype), x1
    for _ in range(n - 1):
        x = torch.sigmoid(W @ x)
        J = J @ ((x * (1 - x))[:, None] * W)
    return J


def jacobian_bound(n, smax=0.25):
    return (smax / 4) ** (n - 1)


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
