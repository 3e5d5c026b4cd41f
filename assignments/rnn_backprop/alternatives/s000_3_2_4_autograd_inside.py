"""
item: s000-3.2.4
cell: s000-3_2_4
why: autograd of the total loss gives the same gradient
"""

def dJ_dWhh(g_list):
    return torch.einsum('tab->ab', torch.stack(list(g_list)))


def bptt(Whh, Whx, Wyh, h0, x, y):
    leaf = Whh.detach().clone().requires_grad_()
    return torch.autograd.grad(total_loss(leaf, Whx, Wyh, h0, x, y), leaf)[0]
