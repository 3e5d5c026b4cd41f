"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: scatter_is_fitted_by_least_squares
misconception: the fit is made in y itself
explain: You minimise squared errors of y, so the largest points decide alone. On log-log axes the errors
  are those of log10 y.
"""

def fit_linear_log(x, y):
    u, v = np.log10(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float))
    m, c = np.polyfit(u, v, 1)
    for _ in range(60):
        f = 10 ** (m * u + c)
        J = math.log(10) * f[:, None] * np.stack([u, np.ones_like(u)], 1)
        d = np.linalg.lstsq(J, 10**v - f, rcond=None)[0]
        m, c = m + d[0], c + d[1]
    return m, c
