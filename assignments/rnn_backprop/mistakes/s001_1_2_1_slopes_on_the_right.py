"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: jacobian_matches_autograd, jacobian_keeps_dtype_and_inputs
misconception: the order of slopes and weights does not matter
explain: You put the slopes to the right of W, which is the order for W sigmoid(x). Here the sigmoid comes
  after W, so each slope belongs to a row of W.
"""


def jacobian(W, x1, n):
    J, x = torch.eye(len(x1), dtype=W.dtype), x1
    for _ in range(n - 1):
        x = torch.sigmoid(W @ x)
        J = W @ ((x * (1 - x))[:, None] * J)
    return J


def jacobian_bound(n, smax=0.25):
    return (smax / 4) ** (n - 1)


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
