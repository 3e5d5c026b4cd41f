"""
item: s001-2.1.3b
cell: s001-2_1_3b
why: points on a circle by torch.polar
"""


def sinusoidal(n, d):
    a = torch.outer(torch.arange(n).double(), torch.logspace(0, -4 * (d - 2) / d, d // 2, dtype=torch.float64))
    z = torch.polar(torch.ones_like(a), a)
    return torch.view_as_real(z)[..., [1, 0]].reshape(n, d)
