"""
item: s000-3.2.4
cell: s000-3_2_4
why: stores all deltas, then one matrix product
"""

def dJ_dWhh(g_list):
    total = torch.zeros_like(g_list[0])
    for g in g_list:
        total += g
    return total


def bptt(Whh, Whx, Wyh, h0, x, y):
    h = [h0]
    for x_t in x:
        h.append(Whh @ h[-1] + Whx @ x_t)
    h = torch.stack(h)
    deltas = (torch.softmax(h[1:] @ Wyh.T, dim=-1) - y) @ Wyh
    for t in reversed(range(len(x) - 1)):
        deltas[t] += deltas[t + 1] @ Whh
    return deltas.T @ h[:-1]
