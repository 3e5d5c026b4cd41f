"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: earlier_states_receive_gradient, orthogonal_recurrence_keeps_the_norm,
  nilpotent_recurrence_forgets
misconception: every output between i and t contributes to this gradient
explain: You add a contribution from each step between i and t. Those steps have losses of their own, but
  they are not part of J_t: from h_i to J_t there is a single path.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    gradient = Wyh.T @ g_o
    if i > t:
        return torch.zeros_like(gradient)
    total = gradient
    for _ in range(t - i):
        gradient = Whh.T @ gradient
        total = total + gradient
    return total
