"""
item: s002-1.1
cell: s002-1_1
caught_by: g_is_read_off_from_h, both_networks_agree_at_every_step, run_h_single_step_and_inputs
misconception: sigma once for each of the two networks
explain: You apply sigma twice. Between h_t and g_t lies exactly one activation.
"""


def g_from_h(h, sigma):
    return sigma(sigma(h))


def run_h(W, U, b, xs, h0, sigma):
    states, h = [], h0
    for x in xs:
        h = W @ sigma(h) + U @ x + b
        states.append(h)
    return np.stack(states)
