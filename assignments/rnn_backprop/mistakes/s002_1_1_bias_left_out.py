"""
item: s002-1.1
cell: s002-1_1
caught_by: run_h_follows_the_recurrence, run_h_uses_the_activation_it_is_given
misconception: the bias can be ignored
explain: Your recurrence leaves out the bias b, which is added at every step.
"""


def g_from_h(h, sigma):
    return sigma(h)


def run_h(W, U, b, xs, h0, sigma):
    states, h = [], h0
    for x in xs:
        h = W @ sigma(h) + U @ x
        states.append(h)
    return np.stack(states)
