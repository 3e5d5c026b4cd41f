"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: scatter_is_fitted_by_least_squares, two_points_are_met_exactly
misconception: sorting both keeps pairs together
explain: You sort x and y separately. A falling law turns into a rising one, and scatter is matched up with
  other points.
"""

def fit_linear_log(x, y):
    m, c = np.polyfit(np.log10(np.sort(np.asarray(x, dtype=float))), np.log10(np.sort(np.asarray(y, dtype=float))), 1)
    return float(m), float(c)
