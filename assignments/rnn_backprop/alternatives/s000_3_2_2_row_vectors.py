"""
item: s000-3.2.2
cell: s000-3_2_2
why: row-vector convention: factors from the right, without transposes, flattened at the end
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    row = g_o.reshape(1, -1) @ Wyh * float(i <= t)
    for _ in range(t - i):
        row = row @ Whh
    return row.flatten()
