"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: earlier_states_receive_gradient, nilpotent_recurrence_forgets
misconception: the recurrent matrix acts once on the way back
explain: You apply the recurrent matrix once, however many steps lie between i and t. Each of the steps
  contributes a factor.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    gradient = Wyh.T @ g_o
    if i > t:
        return torch.zeros_like(gradient)
    return gradient if i == t else Whh.T @ gradient
