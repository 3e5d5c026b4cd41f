"""
item: s000-3.2.4
cell: s000-3_2_4
caught_by: bptt_matches_autograd, bptt_matches_finite_differences, bptt_reaches_back_from_the_last_loss
misconception: each loss teaches its own step only
explain: In bptt no gradient travels back in time: each step learns from its own loss alone. The loss of
  step t also reaches Whh through all steps before t.
"""

def dJ_dWhh(g_list):
    return torch.stack(tuple(g_list)).sum(dim=0)


def bptt(Whh, Whx, Wyh, h0, x, y):
    h = rnn_states(Whh, Whx, h0, x)
    g = dJ_do(h[1:] @ Wyh.T, y)
    delta = torch.zeros_like(h0)
    total = torch.zeros_like(Whh)
    for t in range(len(x), 0, -1):
        delta = Wyh.T @ g[t - 1]
        total = total + torch.outer(delta, h[t - 1])
    return total
