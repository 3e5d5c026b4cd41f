"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: slope_is_the_exponent, intercept_is_log10_of_the_factor
misconception: a power law has no intercept
explain: Your line is forced through the origin. Its intercept is the logarithm of the factor, and there is no
  reason for it to be 0.
"""

def fit_linear_log(x, y):
    u, v = np.log10(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float))
    m, c = (u * v).sum() / (u * u).sum(), 0.0
    return float(m), float(c)
