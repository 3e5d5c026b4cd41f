"""
item: s001-1.2.1
cell: s001-1_2_1
caught_by: tight_case_reaches_the_bound
misconception: equal weights spread the gradient evenly
explain: Your W averages its inputs. States near 1/2 then give pre-activations of 1/8, not 0: W should
  cancel equal entries, not add them.
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
    return torch.full((m, m), 0.25 / m, dtype=torch.float64), torch.zeros(m, dtype=torch.float64)
