"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: tight_case_reaches_the_bound
misconception: only the direction of W matters
explain: The largest singular value of your W is not 1/4. Scale it: the bound is stated for that value.
"""


def jacobian(W, x1, n):
    J, x = torch.eye(len(x1), dtype=W.dtype), x1
    for _ in range(n - 1):
        x = torch.sigmoid(W @ x)
        J = (x * (1 - x))[:, None] * (W @ J)
    return J


def jacobian_bound(n, smax=0.25):
    return (smax / 4) ** (n - 1)


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    return torch.eye(m, dtype=torch.float64) - 1 / m, torch.zeros(m, dtype=torch.float64)
