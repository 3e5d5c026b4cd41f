"""
item: s001-2.3.3a
cell: s001-2_3_3a
why: natural logarithms, with the intercept divided by ln 10
"""

def fit_linear_log(x, y):
    m, c = np.polyfit(np.log(np.array(x, dtype=float)), np.log(np.array(y, dtype=float)), 1)
    return np.array([m, c / math.log(10)])
