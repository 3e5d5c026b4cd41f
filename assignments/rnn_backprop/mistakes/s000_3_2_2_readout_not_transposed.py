"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: earlier_states_receive_gradient, the_state_of_the_same_step, later_states_receive_nothing,
  orthogonal_recurrence_keeps_the_norm, nilpotent_recurrence_forgets, only_the_time_lag_counts,
  state_gradient_keeps_precision, state_gradient_has_no_side_effects
misconception: the gradient passes the readout as the state does
explain: Your product of Wyh with the logit gradient does not fit unless H = Y. Wyh takes a state (H,) to
  logits (Y,); the gradient goes the other way.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    gradient = Wyh @ g_o
    if i > t:
        return torch.zeros_like(gradient)
    for _ in range(t - i):
        gradient = Whh.T @ gradient
    return gradient
