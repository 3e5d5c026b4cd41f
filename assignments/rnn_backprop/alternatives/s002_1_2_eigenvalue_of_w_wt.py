"""
item: s002-1.2
cell: s002-1_2
why: the root of the largest eigenvalue of W W^T, the same as that of W^T W; run_h for the states
"""


def step_jac(W, h_prev, dsigma):
    return W @ np.diag(dsigma(h_prev))


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    if len(xs) == 0:
        return np.eye(len(h0))
    before = np.vstack([h0, np.asarray(run_h(W, U, b, xs, h0, sigma))[:-1]])
    J = np.eye(len(h0))
    for h in before[::-1]:
        J = J @ step_jac(W, h, dsigma)
    return J


def vanishing_bound(W, gamma, T):
    top = max(np.linalg.eigvalsh(W @ W.T)[-1], 0.0)
    return (gamma * gamma * top) ** (T / 2)
