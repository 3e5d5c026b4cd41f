"""
item: s000-3.2.2
cell: s000-3_2_2
caught_by: later_states_receive_nothing
misconception: no step in between means no factor
explain: For i > t your loop runs zero times and returns the gradient of i = t. A later state has no path to
  the loss of step t.
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    gradient = Wyh.T @ g_o
    for _ in range(t - i):
        gradient = Whh.T @ gradient
    return gradient
