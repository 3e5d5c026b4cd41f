"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lowest_point_of_an_exact_parabola, lowest_point_outside_the_data
misconception: the optimum is the size with the lowest loss
explain: You return the size with the lowest of the given losses. The lowest point of the parabola lies between
  the sizes that were tried, or beyond them.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(np.asarray(n_params)[np.argmin(losses)])
