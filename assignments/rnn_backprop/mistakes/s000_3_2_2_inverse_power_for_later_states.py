"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: later_states_receive_nothing
misconception: the formula holds for negative lags too
explain: For i > t you apply an inverse power, as if time could be run backwards. The loss of step t was
  settled before h_i existed, so nudging h_i cannot change it.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    return torch.linalg.matrix_power(Whh.T, t - i) @ (Wyh.T @ g_o)
