"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: state_gradient_has_no_side_effects
misconception: transpose_ gives a transposed copy
explain: Your function turns the caller's recurrent matrix over in place. A trailing underscore means:
  change this very tensor.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    gradient = Wyh.T @ g_o
    if i > t:
        return torch.zeros_like(gradient)
    if t > i:
        Whh.transpose_(0, 1)
    for _ in range(t - i):
        gradient = Whh @ gradient
    return gradient
