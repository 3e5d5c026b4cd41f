"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: jacobian_bound_counts_steps_and_weights
misconception: smax is always 1/4
explain: Your bound does not change with smax. 1/4 is its default; other weights have other bounds.
"""


def jacobian(W, x1, n):
    J, x = torch.eye(len(x1), dtype=W.dtype), x1
    for _ in range(n - 1):
        x = torch.sigmoid(W @ x)
        J = (x * (1 - x))[:, None] * (W @ J)
    return J


def jacobian_bound(n, smax=0.25):
    return (1 / 16) ** (n - 1)


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
