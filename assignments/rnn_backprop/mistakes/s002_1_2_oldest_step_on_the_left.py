"""
item: s002-1.2
cell: s002-1_2
caught_by: jac_T_matches_finite_differences, long_gradient_decays_below_the_bound
misconception: the steps are multiplied in the order in which they happen
explain: You multiply the steps with the oldest on the left. A nudge of h_0 meets the oldest step first,
  so that one stands on the right.
"""


def step_jac(W, h_prev, dsigma):
    return W * dsigma(h_prev)[None, :]


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    J, h = np.eye(len(h0)), h0
    for x in xs:
        J = J @ step_jac(W, h, dsigma)
        h = W @ sigma(h) + U @ x + b
    return J


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.norm(W, 2)) ** T
