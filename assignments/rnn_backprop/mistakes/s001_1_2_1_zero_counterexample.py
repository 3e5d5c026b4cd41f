"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: power_of_W_loses_singular_values
misconception: a matrix whose square is zero is zero
explain: For W = 0 both sides are 0 and the argument holds. Look for a W that is not 0 although its square
  is small.
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
    return torch.zeros(2, 2)


def tight_case(m):
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
