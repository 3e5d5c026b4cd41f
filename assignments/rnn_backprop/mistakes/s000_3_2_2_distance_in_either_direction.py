"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: later_states_receive_nothing
misconception: what counts is how far apart the steps are
explain: You use the absolute distance between i and t. Dependence has a direction: the loss of step t can
  look back at h_i, not ahead.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    gradient = Wyh.T @ g_o
    for _ in range(abs(t - i)):
        gradient = Whh.T @ gradient
    return gradient
