"""
item: s000-3.2.4
cell: s000-3_2_4
caught_by: bptt_has_no_side_effects
misconception: the arguments are scratch space
explain: bptt writes the logit gradients into the targets of the caller. The next epoch would train against
  garbage.
"""

def dJ_dWhh(g_list):
    return torch.stack(tuple(g_list)).sum(dim=0)


def bptt(Whh, Whx, Wyh, h0, x, y):
    h = rnn_states(Whh, Whx, h0, x)
    g = y.sub_(torch.softmax(h[1:] @ Wyh.T, dim=-1)).neg_()
    delta = torch.zeros_like(h0)
    total = torch.zeros_like(Whh)
    for t in range(len(x), 0, -1):
        delta = Wyh.T @ g[t - 1] + Whh.T @ delta
        total = total + torch.outer(delta, h[t - 1])
    return total
