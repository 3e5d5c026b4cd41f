"""
item: s000-3.2.4
cell: s000-3_2_4
caught_by: gradients_of_the_steps_add_up
misconception: the last loss stands for the whole sequence
explain: dJ_dWhh returns the gradient of the last loss alone. Every step has a loss, and all of them count.
"""

def dJ_dWhh(g_list):
    return g_list[-1].clone()


def bptt(Whh, Whx, Wyh, h0, x, y):
    h = rnn_states(Whh, Whx, h0, x)
    g = dJ_do(h[1:] @ Wyh.T, y)
    delta = torch.zeros_like(h0)
    total = torch.zeros_like(Whh)
    for t in range(len(x), 0, -1):
        delta = Wyh.T @ g[t - 1] + Whh.T @ delta
        total = total + torch.outer(delta, h[t - 1])
    return total
