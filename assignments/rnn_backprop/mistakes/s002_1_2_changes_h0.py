"""
item: s002-1.2
cell: s002-1_2
caught_by: jac_T_keeps_its_inputs_and_activation
misconception: h = h0 makes a copy
explain: Your loop writes the new state into h0. Assigning an array to another name does not copy it.
"""


def step_jac(W, h_prev, dsigma):
    return W * dsigma(h_prev)[None, :]


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    J, h = np.eye(len(h0)), h0
    for x in xs:
        J = step_jac(W, h, dsigma) @ J
        h[:] = W @ sigma(h) + U @ x + b
    return J


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.norm(W, 2)) ** T
