"""
item: s002-1.1
cell: s002-1_1
caught_by: run_h_follows_the_recurrence, run_h_uses_the_activation_it_is_given
misconception: it does not matter on which side sigma stands
explain: You run the second network: sigma is applied to the whole sum. In the first one it is applied to
  the previous state only.
"""


def g_from_h(h, sigma):
    return sigma(h)


def run_h(W, U, b, xs, h0, sigma):
    states, h = [], h0
    for x in xs:
        h = sigma(W @ h + U @ x + b)
        states.append(h)
    return np.stack(states)
