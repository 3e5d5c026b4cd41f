"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: slope_is_the_exponent
misconception: np.cov and np.var divide alike
explain: np.cov divides by n - 1, np.var by n, so your slope is too large by n / (n - 1). Use the same
  division for both.
"""

def fit_linear_log(x, y):
    u, v = np.log10(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float))
    m = np.cov(u, v)[0, 1] / np.var(u)
    return m, v.mean() - m * u.mean()
