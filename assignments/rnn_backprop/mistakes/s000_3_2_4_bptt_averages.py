"""
item: s000-3.2.4
cell: s000-3_2_4
caught_by: bptt_matches_autograd, bptt_matches_finite_differences
misconception: the total loss is the mean over the steps
explain: bptt divides by the number of steps. J is a sum: longer sequences have larger gradients.
"""

def dJ_dWhh(g_list):
    return torch.stack(tuple(g_list)).sum(dim=0)


def bptt(Whh, Whx, Wyh, h0, x, y):
    h = rnn_states(Whh, Whx, h0, x)
    g = dJ_do(h[1:] @ Wyh.T, y)
    delta = torch.zeros_like(h0)
    total = torch.zeros_like(Whh)
    for t in range(len(x), 0, -1):
        delta = Wyh.T @ g[t - 1] + Whh.T @ delta
        total = total + torch.outer(delta, h[t - 1])
    return total / len(x)
