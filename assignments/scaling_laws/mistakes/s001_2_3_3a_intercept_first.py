"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: slope_is_the_exponent, intercept_is_log10_of_the_factor
misconception: the order of the results does not matter
explain: You return the intercept first. Agreed is the slope, then the intercept.
"""

def fit_linear_log(x, y):
    m, c = np.polyfit(np.log10(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float)), 1)
    return float(c), float(m)
