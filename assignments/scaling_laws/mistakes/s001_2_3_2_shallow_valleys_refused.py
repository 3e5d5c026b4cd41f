"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: hills_are_refused
misconception: a shallow valley is none
explain: You refuse valleys that are shallow. How steep a parabola is depends on the unit of the loss; only
  its sign says whether there is a lowest point.
"""

def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    p = np.polyfit(u, y, 2)
    if p[0] <= 0.2:
        raise ValueError("no lowest point")
    return p, float(10 ** (-p[1] / (2 * p[0])))
