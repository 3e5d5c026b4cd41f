"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: scatter_is_fitted_by_least_squares
misconception: a line is given by two points
explain: You lay the line through the smallest and the largest x. With scatter, least squares over all points is
  what is asked for.
"""

def fit_linear_log(x, y):
    u, v = np.log10(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float))
    i, j = np.argmin(u), np.argmax(u)
    m = (v[j] - v[i]) / (u[j] - u[i])
    c = v[i] - m * u[i]
    return float(m), float(c)
