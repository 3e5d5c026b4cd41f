"""
item: s002-1.1
cell: s002-1_1
caught_by: run_h_follows_the_recurrence, run_h_single_step_and_inputs
misconception: append stores a copy
explain: All your rows are equal, and h0 of the caller has changed: you overwrite one array and store it
  again and again. Make a new array in each step.
"""


def g_from_h(h, sigma):
    return sigma(h)


def run_h(W, U, b, xs, h0, sigma):
    states, h = [], h0
    for x in xs:
        h[:] = W @ sigma(h) + U @ x + b
        states.append(h)
    return np.stack(states)
