"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: earlier_states_receive_gradient, the_state_of_the_same_step, nilpotent_recurrence_forgets
misconception: from i to t there are t - i + 1 steps
explain: You count one step too many. For i = t the gradient does not pass the recurrent matrix at all.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    gradient = Wyh.T @ g_o
    if i > t:
        return torch.zeros_like(gradient)
    for _ in range(t - i + 1):
        gradient = Whh.T @ gradient
    return gradient
