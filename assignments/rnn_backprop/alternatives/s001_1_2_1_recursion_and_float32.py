"""
item: s001-1.2.1
cell: s001-1_2_1
why: recursion over the steps; witnesses in torch's default float32
"""


def jacobian(W, x1, n):
    if n == 1:
        return torch.diag(torch.ones_like(x1))
    x2 = torch.sigmoid(torch.mv(W, x1))
    return jacobian(W, x2, n - 1) @ (W * (x2 - x2**2).unsqueeze(1))


def jacobian_bound(n, smax=0.25):
    return np.exp((n - 1) * (np.log(smax) - np.log(4)))


def lemma_counterexample():
    return torch.tensor([[1.0, 1.0], [0.0, 1.0]])


def tight_case(m):
    return (torch.eye(m) - torch.ones(m, m) / m) / 4, torch.zeros(m)
