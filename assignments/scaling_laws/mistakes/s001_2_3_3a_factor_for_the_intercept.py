"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: intercept_is_log10_of_the_factor
misconception: the intercept is the factor of the power law
explain: You return the factor k of y = k x^m. The intercept on log-log axes is its logarithm.
"""

def fit_linear_log(x, y):
    m, c = np.polyfit(np.log10(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float)), 1)
    return float(m), float(10**c)
