"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: earlier_states_receive_gradient, the_state_of_the_same_step, orthogonal_recurrence_keeps_the_norm
misconception: keeping the norm below 1 belongs to the gradient
explain: Your gradient is rescaled when it gets long. Clipping is a remedy during training; here the size of
  the gradient is the very thing we want to see.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    gradient = Wyh.T @ g_o
    if i > t:
        return torch.zeros_like(gradient)
    for _ in range(t - i):
        gradient = Whh.T @ gradient
    return gradient / max(1.0, float(gradient.norm()))
