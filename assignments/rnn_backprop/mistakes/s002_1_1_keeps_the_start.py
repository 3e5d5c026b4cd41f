"""
item: s002-1.1
cell: s002-1_1
caught_by: run_h_follows_the_recurrence, run_h_single_step_and_inputs
misconception: h_0 belongs to the result
explain: You return T + 1 rows, h_0 included. Asked are the states after each of the T inputs.
"""


def g_from_h(h, sigma):
    return sigma(h)


def run_h(W, U, b, xs, h0, sigma):
    states = [h0]
    for x in xs:
        states.append(W @ sigma(states[-1]) + U @ x + b)
    return np.stack(states)
