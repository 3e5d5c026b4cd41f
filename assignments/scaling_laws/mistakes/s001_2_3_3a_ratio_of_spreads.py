"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: scatter_is_fitted_by_least_squares
misconception: the slope is the ratio of the spreads
explain: You divide the standard deviation of log y by that of log x. That is the slope only without
  scatter; the least-squares slope is smaller by the correlation.
"""

def fit_linear_log(x, y):
    u, v = np.log10(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float))
    m = np.sign(np.corrcoef(u, v)[0, 1]) * v.std() / u.std()
    return m, v.mean() - m * u.mean()
