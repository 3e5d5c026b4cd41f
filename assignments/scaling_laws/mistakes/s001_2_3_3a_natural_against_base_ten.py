"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: slope_is_the_exponent
misconception: logarithms may be mixed
explain: You take the natural logarithm of one and the base-10 logarithm of the other. The slope is off by a
  factor of ln 10.
"""

def fit_linear_log(x, y):
    m, c = np.polyfit(np.log(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float)), 1)
    return float(m), float(c)
