"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lowest_point_is_not_rounded
misconception: parameters are whole numbers
explain: You round the best size. Sizes may come in millions; keep the decimals.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, int(10 ** (-p[1] / (2 * p[0])))
