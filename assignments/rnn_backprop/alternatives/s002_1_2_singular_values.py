"""
item: s002-1.2
cell: s002-1_2
why: the largest singular value by svd; einsum for the steps
"""


def step_jac(W, h_prev, dsigma):
    return np.einsum("ij,j->ij", W, dsigma(h_prev))


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    J, h = np.eye(len(h0)), h0
    for x in xs:
        J = step_jac(W, h, dsigma) @ J
        h = W @ sigma(h) + U @ x + b
    return J


def vanishing_bound(W, gamma, T):
    return np.prod([gamma * np.linalg.svd(W, compute_uv=False)[0]] * T)
