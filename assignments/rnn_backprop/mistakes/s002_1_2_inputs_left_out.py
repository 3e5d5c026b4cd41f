"""
item: s002-1.2
cell: s002-1_2
caught_by: jac_T_matches_finite_differences
misconception: inputs and bias drop out of the derivative
explain: You run the states without inputs and bias. They do not appear as factors, but they move the
  states at which the slopes are taken.
"""


def step_jac(W, h_prev, dsigma):
    return W * dsigma(h_prev)[None, :]


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    J, h = np.eye(len(h0)), h0
    for _ in range(len(xs)):
        J = step_jac(W, h, dsigma) @ J
        h = W @ sigma(h)
    return J


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.norm(W, 2)) ** T
