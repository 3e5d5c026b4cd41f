"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: tight_case_reaches_the_bound
misconception: x1 = 0 keeps all pre-activations at 0
explain: With W = I/4 only the first pre-activation is 0. After one step the states are 1/2, the
  pre-activations 1/8, and the slope is below 1/4.
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
    return torch.eye(m, dtype=torch.float64) / 4, torch.zeros(m, dtype=torch.float64)
