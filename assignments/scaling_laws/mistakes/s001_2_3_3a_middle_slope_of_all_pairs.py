"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: scatter_is_fitted_by_least_squares
misconception: any fair line will do
explain: You take the median of the slopes of all pairs. That is a good line, but not the least-squares line
  that is asked for.
"""

def fit_linear_log(x, y):
    u, v = np.log10(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float))
    m = np.median([(v[j] - v[i]) / (u[j] - u[i]) for i in range(len(u)) for j in range(i)])
    c = np.median(v - m * u)
    return float(m), float(c)
