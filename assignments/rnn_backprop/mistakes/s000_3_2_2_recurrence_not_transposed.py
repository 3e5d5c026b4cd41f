"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: earlier_states_receive_gradient
misconception: a gradient goes back with the matrix that takes the state forwards
explain: On its way back the gradient meets the recurrent matrix as it is. Forwards, column b says what old
  entry b does to all new entries; backwards, exactly those effects must be collected for entry b.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    gradient = Wyh.T @ g_o
    if i > t:
        return torch.zeros_like(gradient)
    for _ in range(t - i):
        gradient = Whh @ gradient
    return gradient
