"""
item: s002-1.2
cell: s002-1_2
caught_by: vanishing_bound_is_built_on_the_stretch_of_W
misconception: the norm of a matrix is the root of its summed squares
explain: You take the Frobenius norm, the default of many libraries. It is never below the largest stretch
  and usually above, so your bound is not that of this item.
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
    return float(gamma * np.linalg.norm(W)) ** T
