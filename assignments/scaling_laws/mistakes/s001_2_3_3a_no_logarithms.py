"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: slope_is_the_exponent, intercept_is_log10_of_the_factor
misconception: the axes of the plot do the work
explain: You fit a line to the raw numbers. A power law is straight only after both logarithms; drawing the axes
  logarithmic does not change the fit.
"""

def fit_linear_log(x, y):
    m, c = np.polyfit(np.asarray(x, dtype=float), np.asarray(y, dtype=float), 1)
    return float(m), float(c)
