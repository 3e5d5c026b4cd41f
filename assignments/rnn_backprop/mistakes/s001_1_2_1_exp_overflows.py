"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: jacobian_survives_saturation
misconception: the textbook formula is safe for all numbers
explain: Your formula for the slope has exp(-z) above and below the fraction line. For z far below 0 both
  overflow, and infinity divided by infinity is not a number.
"""


def jacobian(W, x1, n):
    J, x = torch.eye(len(x1), dtype=W.dtype), x1
    for _ in range(n - 1):
        e = torch.exp(-(W @ x))
        J = (e / (1 + e) ** 2)[:, None] * (W @ J)
        x = 1 / (1 + e)
    return J


def jacobian_bound(n, smax=0.25):
    return (smax / 4) ** (n - 1)


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
