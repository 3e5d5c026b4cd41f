"""
item: s002-1.2
cell: s002-1_2
caught_by: step_jacobian_takes_the_slopes_at_the_inputs
misconception: W times the vector of slopes
explain: You multiply W by the vector of slopes, which adds up each row. The slopes stand on the diagonal
  of a matrix: nothing is summed.
"""


def step_jac(W, h_prev, dsigma):
    return np.outer(W @ dsigma(h_prev), np.ones(len(h_prev)))


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    J, h = np.eye(len(h0)), h0
    for x in xs:
        J = step_jac(W, h, dsigma) @ J
        h = W @ sigma(h) + U @ x + b
    return J


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.norm(W, 2)) ** T
