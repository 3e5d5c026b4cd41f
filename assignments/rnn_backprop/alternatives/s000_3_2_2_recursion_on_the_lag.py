"""
item: s000-3.2.2
cell: s000-3_2_2
why: dJ_t/dh_i from dJ_t/dh_{i+1}, as in the induction
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    if i > t:
        return torch.zeros_like(Wyh[0])
    if i == t:
        return torch.einsum('yh,y->h', Wyh, g_o)
    return torch.einsum('ab,a->b', Whh, dJt_dhi(g_o, Wyh, Whh, t, i + 1))
