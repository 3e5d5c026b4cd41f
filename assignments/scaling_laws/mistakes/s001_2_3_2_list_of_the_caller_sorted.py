"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lists_arrays_and_any_order
misconception: a list that came in is mine to sort
explain: You sort the caller's list in place. Afterwards its sizes no longer stand beside their losses; use
  sorted().
"""

def find_optimal_params(n_params, losses):
    pairs = sorted(zip(n_params, losses, strict=True))
    if isinstance(n_params, list):
        n_params.sort()
    u, y = map(np.array, zip(*pairs, strict=True))
    p = np.polyfit(np.log10(u), y, 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(10 ** (-p[1] / (2 * p[0])))
