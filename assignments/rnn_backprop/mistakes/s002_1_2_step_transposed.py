"""
item: s002-1.2
cell: s002-1_2
caught_by: step_jacobian_takes_the_slopes_at_the_inputs, jac_T_matches_finite_differences,
  jac_T_of_no_step_and_one_step
misconception: rows belong to inputs
explain: Your step Jacobian is transposed. Row i belongs to h_t[i], column j to h_{t-1}[j].
"""


def step_jac(W, h_prev, dsigma):
    return (W * dsigma(h_prev)).T


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    J, h = np.eye(len(h0)), h0
    for x in xs:
        J = step_jac(W, h, dsigma) @ J
        h = W @ sigma(h) + U @ x + b
    return J


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.norm(W, 2)) ** T
