"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: intercept_is_log10_of_the_factor
misconception: the intercept is where the line is known best
explain: Your intercept is the height of the line in the middle of the data. It is meant where log10 x is 0.
"""

def fit_linear_log(x, y):
    m, _c = np.polyfit(np.log10(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float)), 1)
    return float(m), float(np.log10(np.asarray(y, dtype=float)).mean())
