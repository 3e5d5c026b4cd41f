"""
item: s002-1.2
cell: s002-1_2
why: recursion over the inputs, nested lists as results
"""


def step_jac(W, h_prev, dsigma):
    slopes = dsigma(np.asarray(h_prev))
    return [[w * s for w, s in zip(row, slopes, strict=True)] for row in W]


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    if len(xs) == 0:
        return np.eye(len(h0)).tolist()
    later = jac_T(W, U, b, xs[1:], W @ sigma(h0) + U @ xs[0] + b, sigma, dsigma)
    return (np.array(later) @ np.array(step_jac(W, h0, dsigma))).tolist()


def vanishing_bound(W, gamma, T):
    return 1.0 if T == 0 else gamma * np.linalg.norm(W, 2) * vanishing_bound(W, gamma, T - 1)
