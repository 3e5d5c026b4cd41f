"""
item: s002-1.1
cell: s002-1_1
caught_by: g_is_read_off_from_h, both_networks_agree_at_every_step
misconception: g_t needs the step before it
explain: Your rule shifts the states by one step. g_t depends on h_t of the same step, and only through
  sigma.
"""


def g_from_h(h, sigma):
    return sigma(np.roll(h, 1, axis=0))


def run_h(W, U, b, xs, h0, sigma):
    states, h = [], h0
    for x in xs:
        h = W @ sigma(h) + U @ x + b
        states.append(h)
    return np.stack(states)
