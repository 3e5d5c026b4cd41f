"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: intercept_is_log10_of_the_factor
misconception: with both axes natural, nothing changes
explain: You take natural logarithms of both. The slope is the same, so nothing looks wrong, but the intercept
  belongs to log10: used there, your line is shifted by orders of magnitude.
"""

def fit_linear_log(x, y):
    m, c = np.polyfit(np.log(np.asarray(x, dtype=float)), np.log(np.asarray(y, dtype=float)), 1)
    return float(m), float(c)
