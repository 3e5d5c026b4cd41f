"""
item: s001-2.3.3a
cell: s001-2_3_3a
why: correlation times the ratio of the spreads
"""

def fit_linear_log(x, y):
    u, v = np.log10(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float))
    m = np.corrcoef(u, v)[0, 1] * np.std(v) / np.std(u) if np.std(v) > 0 else 0.0
    return np.array([m, v.mean() - m * u.mean()])
