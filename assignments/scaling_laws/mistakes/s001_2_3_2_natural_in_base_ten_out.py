"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lowest_point_of_an_exact_parabola
misconception: one logarithm is as good as another
explain: You take the natural logarithm of the sizes and go back with powers of 10. Each is fine, but not the
  two together: the result is off by orders of magnitude.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(10 ** (-p[1] / (2 * p[0])))
