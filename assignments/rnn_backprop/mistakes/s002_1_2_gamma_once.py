"""
item: s002-1.2
cell: s002-1_2
caught_by: vanishing_bound_is_built_on_the_stretch_of_W
misconception: the activation counts once
explain: gamma enters your bound once for all steps. Every step has an activation, so it enters T times.
"""


def step_jac(W, h_prev, dsigma):
    return W * dsigma(h_prev)[None, :]


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    J, h = np.eye(len(h0)), h0
    for x in xs:
        J = step_jac(W, h, dsigma) @ J
        h = W @ sigma(h) + U @ x + b
    return J


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.norm(W, 2) ** T)
