"""
item: s002-1.2
cell: s002-1_2
why: torch tensors throughout; matrix_norm of order 2; the bound through logarithms
"""


def step_jac(W, h_prev, dsigma):
    return W * dsigma(h_prev)[None, :]


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    W, U, b, xs, h = (torch.tensor(a, dtype=torch.float64) for a in (W, U, b, xs, h0))
    J = torch.eye(len(h0), dtype=torch.float64)
    for x in xs:
        J = W @ (torch.as_tensor(dsigma(h.numpy()))[:, None] * J)
        h = W @ torch.as_tensor(sigma(h.numpy())) + U @ x + b
    return J


def vanishing_bound(W, gamma, T):
    size = gamma * torch.linalg.matrix_norm(torch.tensor(W), ord=2)
    return torch.exp(T * torch.log(size)) if T else torch.tensor(1.0)
