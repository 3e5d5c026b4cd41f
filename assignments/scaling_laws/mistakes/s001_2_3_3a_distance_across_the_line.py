"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: scatter_is_fitted_by_least_squares
misconception: distances are measured across the line
explain: Your line minimises the distance across it. Least squares of log y on log x measures along the y
  axis.
"""

def fit_linear_log(x, y):
    u, v = np.log10(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float))
    _, _, rows = np.linalg.svd(np.stack([u - u.mean(), v - v.mean()], axis=1))
    m = rows[0, 1] / rows[0, 0]
    return m, v.mean() - m * u.mean()
