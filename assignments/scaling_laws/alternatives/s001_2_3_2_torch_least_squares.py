"""
item: s001-2.3.2
cell: s001-2_3_2
why: least squares in torch, results as tensors
"""

def find_optimal_params(n_params, losses):
    u = torch.as_tensor(n_params, dtype=torch.float64).log10()
    A = torch.stack([u**2, u, torch.ones_like(u)], dim=1)
    b = torch.as_tensor(losses, dtype=torch.float64)[:, None]
    p = torch.linalg.lstsq(A, b).solution[:, 0]
    if p[0] <= 0:
        raise ValueError("opens downwards")
    return p, 10 ** (-p[1] / (2 * p[0]))
