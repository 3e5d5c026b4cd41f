"""
item: s001-2.3.2
cell: s001-2_3_2
why: one Newton step on the squared error, with autograd's Hessian
"""

def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    U, Y = torch.from_numpy(u), torch.from_numpy(np.array(y))
    s = U.mean()
    X = torch.stack([(U - s) ** 2, U - s, torch.ones_like(U)], 1)

    def loss(q):
        return ((X @ q - Y) ** 2).sum()

    q0 = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    H = torch.autograd.functional.hessian(loss, q0)
    (g,) = torch.autograd.grad(loss(q0), q0)
    a, b, c = (-torch.linalg.solve(H, g)).tolist()
    if a <= 0:
        raise ValueError("no")
    s = float(s)
    return (a, b - 2 * a * s, a * s * s - b * s + c), 10 ** (s - b / (2 * a))
