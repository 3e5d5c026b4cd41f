"""
item: s002-1.1
cell: s002-1_1
caught_by: run_h_follows_the_recurrence, run_h_single_step_and_inputs
misconception: the first row is h_0
explain: Your rows are h_0 to h_{T-1}. Row 1 should be h_1, the state after the first input.
"""


def g_from_h(h, sigma):
    return sigma(h)


def run_h(W, U, b, xs, h0, sigma):
    states, h = [], h0
    for x in xs:
        states.append(h)
        h = W @ sigma(h) + U @ x + b
    return np.stack(states)
