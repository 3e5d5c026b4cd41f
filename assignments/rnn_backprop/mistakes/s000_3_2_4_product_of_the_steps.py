"""
item: s000-3.2.4
cell: s000-3_2_4
caught_by: gradients_of_the_steps_add_up
misconception: contributions of several steps multiply
explain: dJ_dWhh multiplies the gradients of the steps. Factors multiply along one path; different losses
  are different paths, and those add.
"""

def dJ_dWhh(g_list):
    return torch.stack(tuple(g_list)).prod(dim=0)


def bptt(Whh, Whx, Wyh, h0, x, y):
    h = rnn_states(Whh, Whx, h0, x)
    g = dJ_do(h[1:] @ Wyh.T, y)
    delta = torch.zeros_like(h0)
    total = torch.zeros_like(Whh)
    for t in range(len(x), 0, -1):
        delta = Wyh.T @ g[t - 1] + Whh.T @ delta
        total = total + torch.outer(delta, h[t - 1])
    return total
