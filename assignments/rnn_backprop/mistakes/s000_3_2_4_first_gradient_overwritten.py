"""
item: s000-3.2.4
cell: s000-3_2_4
caught_by: combining_leaves_the_gradients_unchanged
misconception: total = g_list[0] makes a copy
explain: dJ_dWhh adds into the first gradient of the caller. The name `total` and the first entry of the
  list are the same tensor; in-place addition changes both.
"""

def dJ_dWhh(g_list):
    total = g_list[0]
    for g in g_list[1:]:
        total += g
    return total


def bptt(Whh, Whx, Wyh, h0, x, y):
    h = rnn_states(Whh, Whx, h0, x)
    g = dJ_do(h[1:] @ Wyh.T, y)
    delta = torch.zeros_like(h0)
    total = torch.zeros_like(Whh)
    for t in range(len(x), 0, -1):
        delta = Wyh.T @ g[t - 1] + Whh.T @ delta
        total = total + torch.outer(delta, h[t - 1])
    return total
