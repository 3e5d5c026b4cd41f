"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: slope_is_the_exponent
misconception: a line is a line
explain: You explain x by y. The slope asked for says how y grows with x; yours is its inverse, or nearly so.
"""

def fit_linear_log(x, y):
    m, c = np.polyfit(np.log10(np.asarray(y, dtype=float)), np.log10(np.asarray(x, dtype=float)), 1)
    return float(m), float(c)
