"""
item: s002-1.1
cell: s002-1_1
caught_by: g_is_read_off_from_h, both_networks_agree_at_every_step, run_h_single_step_and_inputs
misconception: the same network means the same numbers
explain: You return h itself. The two networks are equivalent, not equal: at each step g_t has passed one
  activation more than h_t.
"""


def g_from_h(h, sigma):
    return h


def run_h(W, U, b, xs, h0, sigma):
    states, h = [], h0
    for x in xs:
        h = W @ sigma(h) + U @ x + b
        states.append(h)
    return np.stack(states)
