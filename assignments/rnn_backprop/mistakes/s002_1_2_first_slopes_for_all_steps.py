"""
item: s002-1.2
cell: s002-1_2
caught_by: jac_T_matches_finite_differences
misconception: the state does not matter after the start
explain: You use the slopes at h_0 in every step. The state moves on, so each step has slopes of its own.
"""


def step_jac(W, h_prev, dsigma):
    return W * dsigma(h_prev)[None, :]


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    return np.linalg.matrix_power(step_jac(W, h0, dsigma), len(xs))


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.norm(W, 2)) ** T
