"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lowest_point_outside_the_data
misconception: the optimum must lie in the range of the data
explain: You move the optimum back into the range of the sizes. Where all of them lie on one side of the bottom,
  the parabola says so, and that is the answer asked for.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(np.clip(10 ** (-p[1] / (2 * p[0])), np.min(n_params), np.max(n_params)))
