"""
item: s002-1.1
cell: s002-1_1
caught_by: run_h_uses_the_activation_it_is_given
misconception: the activation of an RNN is tanh
explain: You call tanh whatever sigma is. The activation is an argument: use the one you are given.
"""


def g_from_h(h, sigma):
    return sigma(h)


def run_h(W, U, b, xs, h0, sigma):
    states, h = [], h0
    for x in xs:
        h = W @ np.tanh(h) + U @ x + b
        states.append(h)
    return np.stack(states)
