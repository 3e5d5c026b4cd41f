"""
item: s000-3.2.4
cell: s000-3_2_4
why: carries dh_t/dWhh forwards instead of the gradient backwards (real-time recurrent learning)
"""

def dJ_dWhh(g_list):
    if len(g_list) == 1:
        return g_list[0]
    return g_list[0] + dJ_dWhh(g_list[1:])


def bptt(Whh, Whx, Wyh, h0, x, y):
    size = len(h0)
    eye = torch.eye(size, dtype=Whh.dtype)
    h, reach, total = h0, torch.zeros(size, size, size, dtype=Whh.dtype), torch.zeros_like(Whh)
    for x_t, y_t in zip(x, y, strict=True):
        reach = torch.einsum('ij,jab->iab', Whh, reach) + torch.einsum('ia,b->iab', eye, h)
        h = Whh @ h + Whx @ x_t
        total = total + torch.einsum('i,iab->ab', Wyh.T @ dJ_do(Wyh @ h, y_t), reach)
    return total
