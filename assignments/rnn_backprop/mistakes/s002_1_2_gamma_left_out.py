"""
item: s002-1.2
cell: s002-1_2
caught_by: vanishing_bound_is_built_on_the_stretch_of_W
misconception: the activation only helps
explain: Your bound does not contain gamma. A steep activation enlarges the gradient, a flat one shrinks
  it, at every step.
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
    return float(np.linalg.norm(W, 2)) ** T
