"""
item: s000-3.2.4
cell: s000-3_2_4
caught_by: bptt_matches_autograd, bptt_matches_finite_differences, bptt_counts_the_start_state,
  bptt_reaches_back_from_the_last_loss
misconception: the way back ends at step 2
explain: On its way back bptt stops before step 1. At step 1 Whh multiplies h_0, and every loss reaches that
  use.
"""

def dJ_dWhh(g_list):
    return torch.stack(tuple(g_list)).sum(dim=0)


def bptt(Whh, Whx, Wyh, h0, x, y):
    h = rnn_states(Whh, Whx, h0, x)
    g = dJ_do(h[1:] @ Wyh.T, y)
    delta = torch.zeros_like(h0)
    total = torch.zeros_like(Whh)
    for t in range(len(x), 1, -1):
        delta = Wyh.T @ g[t - 1] + Whh.T @ delta
        total = total + torch.outer(delta, h[t - 1])
    return total
