"""
item: s002-1.2
cell: s002-1_2
caught_by: vanishing_bound_is_built_on_the_stretch_of_W
misconception: the largest eigenvalue of W^T W is the norm
explain: You use the largest eigenvalue of W^T W itself. The norm of W is its square root.
"""


def step_jac(W, h_prev, dsigma):
    return W * dsigma(h_prev)[None, :]


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    J, h = np.eye(len(h0)), h0
    for x in xs:
        J = step_jac(W, h, dsigma) @ J
        h = W @ sigma(h) + U @ x + b
    return J


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.eigvalsh(W.T @ W).max()) ** T
