"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: coefficients_are_in_log10_highest_first
misconception: the constant does not matter
explain: You return two coefficients. The parabola has three; the constant moves it up and down.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p[:2], float(10 ** (-p[1] / (2 * p[0])))
