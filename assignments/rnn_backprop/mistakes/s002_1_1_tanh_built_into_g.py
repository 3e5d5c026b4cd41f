"""
item: s002-1.1
cell: s002-1_1
caught_by: g_is_read_off_from_h, both_networks_agree_at_every_step
misconception: the activation of an RNN is tanh
explain: g_from_h calls tanh whatever sigma is. The activation is an argument: use the one you are given.
"""


def g_from_h(h, sigma):
    return np.tanh(h)


def run_h(W, U, b, xs, h0, sigma):
    states, h = [], h0
    for x in xs:
        h = W @ sigma(h) + U @ x + b
        states.append(h)
    return np.stack(states)
