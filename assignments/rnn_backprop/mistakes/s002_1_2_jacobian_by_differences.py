"""
item: s002-1.2
cell: s002-1_2
caught_by: long_gradient_decays_below_the_bound
misconception: a difference quotient is the derivative
explain: You take a difference quotient. It is good for a rough test, but a gradient of size 1e-20 drowns
  in the rounding of the states.
"""


def step_jac(W, h_prev, dsigma):
    return W * dsigma(h_prev)[None, :]


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    def run(h):
        for x in xs:
            h = W @ sigma(h) + U @ x + b
        return h

    return np.stack([(run(h0 + 1e-6 * e) - run(h0 - 1e-6 * e)) / 2e-6 for e in np.eye(len(h0))], axis=1)


def vanishing_bound(W, gamma, T):
    return float(gamma * np.linalg.norm(W, 2)) ** T
