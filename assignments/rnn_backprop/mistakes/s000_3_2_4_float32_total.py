"""
item: s000-3.2.4
cell: s000-3_2_4
caught_by: bptt_keeps_precision
misconception: torch.zeros has the right dtype by itself
explain: bptt collects the gradient in a tensor of torch's default dtype, float32. float64 inputs lose half
  of their digits there.
"""

def dJ_dWhh(g_list):
    return torch.stack(tuple(g_list)).sum(dim=0)


def bptt(Whh, Whx, Wyh, h0, x, y):
    h = rnn_states(Whh, Whx, h0, x)
    g = dJ_do(h[1:] @ Wyh.T, y)
    delta = torch.zeros_like(h0)
    total = torch.zeros(Whh.shape)
    for t in range(len(x), 0, -1):
        delta = Wyh.T @ g[t - 1] + Whh.T @ delta
        total += torch.outer(delta, h[t - 1])
    return total
