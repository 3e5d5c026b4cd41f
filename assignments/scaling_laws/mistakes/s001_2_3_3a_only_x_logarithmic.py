"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: slope_is_the_exponent, intercept_is_log10_of_the_factor
misconception: one logarithmic axis is enough
explain: You take the logarithm of x only. That straightens a logarithm, not a power law.
"""

def fit_linear_log(x, y):
    m, c = np.polyfit(np.log10(np.asarray(x, dtype=float)), np.asarray(y, dtype=float), 1)
    return float(m), float(c)
