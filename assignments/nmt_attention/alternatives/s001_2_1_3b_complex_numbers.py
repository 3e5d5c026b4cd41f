"""
item: s001-2.1.3b
cell: s001-2_1_3b
why: sine and cosine as the parts of a complex exponential, float64
"""

def sinusoidal(n, d):
    i = torch.arange(d // 2, dtype=torch.float64)
    angle = torch.outer(torch.arange(n, dtype=torch.float64), torch.pow(10000.0, -2 * i / d))
    turned = torch.polar(torch.ones_like(angle), angle)
    return torch.stack((turned.imag, turned.real), dim=2).flatten(1)
