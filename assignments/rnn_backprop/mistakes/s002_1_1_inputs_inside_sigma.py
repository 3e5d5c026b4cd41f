"""
item: s002-1.1
cell: s002-1_1
caught_by: run_h_follows_the_recurrence
misconception: bias and input are activated as well
explain: You put the input and the bias inside sigma with the state. Only the previous state goes through
  sigma; U x_t and b are added outside.
"""


def g_from_h(h, sigma):
    return sigma(h)


def run_h(W, U, b, xs, h0, sigma):
    states, h = [], h0
    for x in xs:
        h = W @ sigma(h + U @ x + b)
        states.append(h)
    return np.stack(states)
