"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: sizes_in_other_units_move_the_optimum_along
misconception: roots and lowest point are the same
explain: You take a root of the parabola, not of its derivative. As long as all losses are positive the roots are
  complex, and their real part is the lowest point; where the parabola crosses zero they are something else.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(10 ** np.roots(p)[0].real)
