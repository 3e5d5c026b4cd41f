"""
item: s002-1.2
cell: s002-1_2
caught_by: step_jacobian_takes_the_slopes_at_the_inputs, jac_T_matches_finite_differences,
  jac_T_of_no_step_and_one_step
misconception: slopes always stand to the left of W
explain: You scale the rows of W. Here sigma is applied before W, so a nudge of h_{t-1}[j] is scaled first
  and then passed on by column j.
"""


def step_jac(W, h_prev, dsigma):
    return np.diag(dsigma(h_prev)) @ W


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    J, h = np.eye(len(h0)), h0
    for x in xs:
        J = step_jac(W, h, dsigma) @ J
        h = W @ sigma(h) + U @ x + b
    return J


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.norm(W, 2)) ** T
