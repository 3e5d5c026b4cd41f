"""
item: s001-2.3.2
cell: s001-2_3_2
why: the normal equations solved in shifted coordinates and shifted back
"""

def find_optimal_params(n_params, losses):
    u = np.log10(np.array(n_params, dtype=float))
    middle = u.mean()
    A = np.stack([(u - middle) ** 2, u - middle, np.ones(len(u))], axis=1)
    a, b, c = np.linalg.solve(A.T @ A, A.T @ np.array(losses, dtype=float))
    if not a > 0:
        raise ValueError("opens downwards")
    return [a, b - 2 * a * middle, a * middle**2 - b * middle + c], 10 ** (middle - b / (2 * a))
