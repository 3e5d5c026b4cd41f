"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lowest_point_of_an_exact_parabola
misconception: the lowest point is at -b/a
explain: Your lowest point is twice as far from zero as the parabola's. Set the derivative 2 p0 u + p1 to zero.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(10 ** (-p[1] / p[0]))
