"""
item: s000-3.2.4
cell: s000-3_2_4
caught_by: gradients_of_the_steps_add_up
misconception: the total loss is the mean of the losses
explain: dJ_dWhh averages. J is the sum of the losses of the steps, so their gradients add up.
"""

def dJ_dWhh(g_list):
    return torch.stack(tuple(g_list)).mean(dim=0)


def bptt(Whh, Whx, Wyh, h0, x, y):
    h = rnn_states(Whh, Whx, h0, x)
    g = dJ_do(h[1:] @ Wyh.T, y)
    delta = torch.zeros_like(h0)
    total = torch.zeros_like(Whh)
    for t in range(len(x), 0, -1):
        delta = Wyh.T @ g[t - 1] + Whh.T @ delta
        total = total + torch.outer(delta, h[t - 1])
    return total
