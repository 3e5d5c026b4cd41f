"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: line_takes_lists_and_arrays
misconception: np.asarray copies
explain: You take logarithms in place, and np.asarray does not copy an array that fits: your caller's numbers
  have become logarithms.
"""

def fit_linear_log(x, y):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    np.log10(x, out=x)
    np.log10(y, out=y)
    m, c = np.polyfit(x, y, 1)
    return float(m), float(c)
