"""
item: s002-1.2
cell: s002-1_2
caught_by: jac_T_matches_finite_differences
misconception: both forms have the same Jacobian
explain: You follow the states of the second form, sigma(W g + U x + b). This item keeps the first form,
  and its states are others.
"""


def step_jac(W, h_prev, dsigma):
    return W * dsigma(h_prev)[None, :]


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    J, h = np.eye(len(h0)), h0
    for x in xs:
        J = step_jac(W, h, dsigma) @ J
        h = sigma(W @ h + U @ x + b)
    return J


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.norm(W, 2)) ** T
