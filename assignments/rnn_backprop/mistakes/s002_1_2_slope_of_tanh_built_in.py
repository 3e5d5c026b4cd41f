"""
item: s002-1.2
cell: s002-1_2
caught_by: step_jacobian_takes_the_slopes_at_the_inputs, jac_T_matches_finite_differences
misconception: the slope is always 1 - tanh^2
explain: You use the slope of tanh whatever dsigma is. The derivative is an argument: use the one you are
  given.
"""


def step_jac(W, h_prev, dsigma):
    return W * (1 - np.tanh(h_prev) ** 2)


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    J, h = np.eye(len(h0)), h0
    for x in xs:
        J = step_jac(W, h, dsigma) @ J
        h = W @ sigma(h) + U @ x + b
    return J


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.norm(W, 2)) ** T
