"""
item: s001-1.2.1
cell: s001-1_2_1
why: reverse-mode Jacobian of the run; other witnesses of the same kind
"""


def jacobian(W, x1, n):
    def run(x):
        for _ in range(n - 1):
            x = (W @ x).sigmoid()
        return x

    return torch.func.jacrev(run)(x1)


def jacobian_bound(n, smax=0.25):
    return (smax / 4) ** (n - 1)


def lemma_counterexample():
    return np.array([[0.1, 5.0, 0.0], [0.0, 0.1, 0.2], [0.0, 0.0, 0.1]])


def tight_case(m):
    direction = torch.zeros(m, dtype=torch.float64)
    direction[0], direction[1] = 0.5**0.5, -(0.5**0.5)
    return torch.outer(direction, direction) / 4, torch.ones(m, dtype=torch.float64)
