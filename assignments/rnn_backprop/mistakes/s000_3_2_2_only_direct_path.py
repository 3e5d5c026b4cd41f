"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: earlier_states_receive_gradient, orthogonal_recurrence_keeps_the_norm,
  nilpotent_recurrence_forgets, only_the_time_lag_counts
misconception: J_t depends on h_t only
explain: Your gradient is zero for every i < t. J_t contains h_t alone, but h_t was computed from h_{t-1},
  and so on back to h_i: each step in between hands the gradient on.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    gradient = Wyh.T @ g_o
    return gradient if i == t else torch.zeros_like(gradient)
