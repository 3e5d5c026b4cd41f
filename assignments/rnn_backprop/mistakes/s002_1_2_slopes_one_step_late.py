"""
item: s002-1.2
cell: s002-1_2
caught_by: jac_T_matches_finite_differences, jac_T_of_no_step_and_one_step
misconception: the slopes are taken at the new state
explain: You take the slopes of step t at h_t. Here sigma is applied to h_{t-1}, so they belong to the
  state before the step.
"""


def step_jac(W, h_prev, dsigma):
    return W * dsigma(h_prev)[None, :]


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    J, h = np.eye(len(h0)), h0
    for x in xs:
        h = W @ sigma(h) + U @ x + b
        J = step_jac(W, h, dsigma) @ J
    return J


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.norm(W, 2)) ** T
