"""
item: s001-1.2.1
cell: s001-1_2_1
why: autograd differentiates the run; a zero-step run gives the identity
"""


def jacobian(W, x1, n):
    def run(x):
        for _ in range(n - 1):
            x = torch.sigmoid(W @ x)
        return x.clone()

    return torch.autograd.functional.jacobian(run, x1)


def jacobian_bound(n, smax=0.25):
    return torch.tensor(smax * 0.25, dtype=torch.float64) ** (n - 1)


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
