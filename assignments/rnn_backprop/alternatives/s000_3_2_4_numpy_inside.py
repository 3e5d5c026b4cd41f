"""
item: s000-3.2.4
cell: s000-3_2_4
why: numpy throughout, in the dtype of the inputs
"""

def dJ_dWhh(g_list):
    return np.sum([g.numpy() for g in g_list], axis=0)


def bptt(Whh, Whx, Wyh, h0, x, y):
    Whh, Whx, Wyh, h0, x, y = (part.detach().numpy() for part in (Whh, Whx, Wyh, h0, x, y))
    h = [h0]
    for x_t in x:
        h.append(Whh @ h[-1] + Whx @ x_t)
    total, delta = np.zeros_like(Whh), np.zeros_like(h0)
    for t in range(len(x), 0, -1):
        o = Wyh @ h[t]
        e = np.exp(o - o.max())
        delta = Wyh.T @ (e / e.sum() - y[t - 1]) + Whh.T @ delta
        total += np.outer(delta, h[t - 1])
    return total
