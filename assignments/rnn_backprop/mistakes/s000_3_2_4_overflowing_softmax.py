"""
item: s000-3.2.4
cell: s000-3_2_4
caught_by: bptt_survives_large_logits
misconception: exp can be taken of any logit
explain: Inside bptt the softmax overflows for large logits, and the gradient is not a number. Shift each
  row before exp, or use a softmax that does.
"""

def dJ_dWhh(g_list):
    return torch.stack(tuple(g_list)).sum(dim=0)


def bptt(Whh, Whx, Wyh, h0, x, y):
    h = rnn_states(Whh, Whx, h0, x)
    e = torch.exp(h[1:] @ Wyh.T)
    g = e / e.sum(dim=-1, keepdim=True) - y
    delta = torch.zeros_like(h0)
    total = torch.zeros_like(Whh)
    for t in range(len(x), 0, -1):
        delta = Wyh.T @ g[t - 1] + Whh.T @ delta
        total = total + torch.outer(delta, h[t - 1])
    return total
