"""
item: s002-1.1
cell: s002-1_1
caught_by: run_h_follows_the_recurrence
misconception: h W and W h are the same
explain: You multiply the state from the left, which uses W transposed. The recurrence has W on the left
  of the state.
"""


def g_from_h(h, sigma):
    return sigma(h)


def run_h(W, U, b, xs, h0, sigma):
    states, h = [], h0
    for x in xs:
        h = sigma(h) @ W + U @ x + b
        states.append(h)
    return np.stack(states)
