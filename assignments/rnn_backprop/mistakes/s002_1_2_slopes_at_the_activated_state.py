"""
item: s002-1.2
cell: s002-1_2
caught_by: jac_T_matches_finite_differences, jac_T_of_no_step_and_one_step
misconception: the slope is a function of the activated state
explain: You take the slopes at sigma(h). dsigma is the derivative as a function of h itself.
"""


def step_jac(W, h_prev, dsigma):
    return W * dsigma(h_prev)[None, :]


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    J, h = np.eye(len(h0)), h0
    for x in xs:
        J = step_jac(W, sigma(h), dsigma) @ J
        h = W @ sigma(h) + U @ x + b
    return J


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.norm(W, 2)) ** T
