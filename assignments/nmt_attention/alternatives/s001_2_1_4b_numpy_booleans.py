"""
item: s001-2.1.4b
cell: s001-2_1_4b
why: comparisons of a numpy table give numpy booleans
"""

t = np.array([[float(val_table[h, data]) for data in ("small", "large")] for h in (32, 64)])
gap = np.abs(t[:, 0] - t[:, 1])
claims = {
    "hidden_helps_small": t[1, 0] < t[0, 0],
    "hidden_helps_large": t[1, 1] < t[0, 1],
    "data_helps_32": t[0, 1] < t[0, 0],
    "data_helps_64": t[1, 1] < t[1, 0],
    "gap_shrinks": gap[1] < gap[0],
}
