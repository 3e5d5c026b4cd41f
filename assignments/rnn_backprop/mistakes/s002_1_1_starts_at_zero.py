"""
item: s002-1.1
cell: s002-1_1
caught_by: run_h_follows_the_recurrence, run_h_uses_the_activation_it_is_given
misconception: networks start at 0
explain: You start from 0 and never use h0. The first step needs sigma(h_0).
"""


def g_from_h(h, sigma):
    return sigma(h)


def run_h(W, U, b, xs, h0, sigma):
    states, h = [], np.zeros_like(h0)
    for x in xs:
        h = W @ sigma(h) + U @ x + b
        states.append(h)
    return np.stack(states)
