"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: hills_are_refused
misconception: not a number will be noticed
explain: For losses on a hill you return NaN. Agreed is a ValueError, which cannot be overlooked.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        return p, float("nan")
    return p, float(10 ** (-p[1] / (2 * p[0])))
