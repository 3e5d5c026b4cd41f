"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: earlier_states_receive_gradient, the_state_of_the_same_step, nilpotent_recurrence_forgets,
  only_the_time_lag_counts
misconception: the number of factors is the number of the step
explain: The number of your factors depends on t alone. What counts is how many steps lie between the state
  and the loss.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    gradient = Wyh.T @ g_o
    if i > t:
        return torch.zeros_like(gradient)
    for _ in range(t - 1):
        gradient = Whh.T @ gradient
    return gradient
