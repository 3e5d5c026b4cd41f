"""
item: s002-1.1
cell: s002-1_1
why: a list of states, and sigma row by row
"""


def g_from_h(h, sigma):
    if np.ndim(h) == 1:
        return sigma(h)
    return [sigma(row) for row in h]


def run_h(W, U, b, xs, h0, sigma):
    states = []
    for x in xs:
        before = states[-1] if states else h0
        states.append(b + U @ x + W @ sigma(before))
    return states
