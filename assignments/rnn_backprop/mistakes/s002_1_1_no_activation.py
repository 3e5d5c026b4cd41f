"""
item: s002-1.1
cell: s002-1_1
caught_by: run_h_follows_the_recurrence, run_h_uses_the_activation_it_is_given
misconception: an equivalent network may leave the activation out
explain: Your recurrence has no activation at all, so it is a linear network. The previous state goes
  through sigma before W.
"""


def g_from_h(h, sigma):
    return sigma(h)


def run_h(W, U, b, xs, h0, sigma):
    states, h = [], h0
    for x in xs:
        h = W @ h + U @ x + b
        states.append(h)
    return np.stack(states)
