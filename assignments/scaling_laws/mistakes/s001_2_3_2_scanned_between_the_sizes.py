"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lowest_point_outside_the_data
misconception: the lowest point is found by scanning the data's range
explain: You scan between the smallest and the largest size. The lowest point of the parabola has a formula,
  and may lie outside.
"""

def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    p = np.polyfit(u, y, 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    fine = np.linspace(u.min(), u.max(), 2_000_001)
    return p, float(10 ** fine[np.polyval(p, fine).argmin()])
