"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: jacobian_keeps_dtype_and_inputs
misconception: float64 is always better
explain: Your Jacobian comes back as float64 for float32 weights. Keep the precision of what you are
  given.
"""


def jacobian(W, x1, n):
    W, x = W.double(), x1.double()
    J = torch.eye(len(x1), dtype=torch.float64)
    for _ in range(n - 1):
        x = torch.sigmoid(W @ x)
        J = (x * (1 - x))[:, None] * (W @ J)
    return J


def jacobian_bound(n, smax=0.25):
    return (smax / 4) ** (n - 1)


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
