"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: earlier_states_receive_gradient, orthogonal_recurrence_keeps_the_norm,
  nilpotent_recurrence_forgets
misconception: a power of a matrix is the power of its entries
explain: You raised each entry of the matrix to a power. Passing several steps means applying the matrix
  several times, which is a matrix product.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    gradient = Wyh.T @ g_o
    if i > t:
        return torch.zeros_like(gradient)
    return gradient if i == t else (Whh.T ** (t - i)) @ gradient
