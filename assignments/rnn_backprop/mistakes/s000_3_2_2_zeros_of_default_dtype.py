"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: state_gradient_keeps_precision
misconception: torch.zeros has the right dtype by itself
explain: For i > t you return zeros in torch's default dtype. The zero gradient, too, should have the dtype
  of the inputs.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    if i > t:
        return torch.zeros(Whh.shape[0])
    gradient = Wyh.T @ g_o
    for _ in range(t - i):
        gradient = Whh.T @ gradient
    return gradient
