"""
item: s001-2.3.3a
cell: s001-2_3_3a
why: logarithms to base 2, the intercept converted
"""

def fit_linear_log(x, y):
    m, c = np.polyfit(np.log2(np.asarray(x, float)), np.log2(np.asarray(y, float)), 1)
    return m, c * np.log10(2)
