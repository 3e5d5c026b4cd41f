"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: coefficients_are_in_log10_highest_first
misconception: coefficients begin with the constant
explain: Your coefficients stand in the opposite order: the constant first. Agreed is the highest power first.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p[::-1], float(10 ** (-p[1] / (2 * p[0])))
