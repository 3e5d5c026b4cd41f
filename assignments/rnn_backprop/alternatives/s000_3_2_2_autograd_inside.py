"""
item: s000-3.2.2
cell: s000-3_2_2
why: a linear map has the same gradient everywhere, so autograd may start from any state
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    state = torch.zeros_like(Wyh[0]).requires_grad_()
    h = state * float(i <= t)
    for _ in range(t - i):
        h = Whh @ h
    return torch.autograd.grad((Wyh @ h) @ g_o, state)[0]
