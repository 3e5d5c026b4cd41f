"""
item: s001-2.3.2
cell: s001-2_3_2
why: the normal equations without any shift are precise enough in double precision
"""

def find_optimal_params(n_params, losses):
    u = [math.log10(n) for n in n_params]
    A = np.vander(u, 3)
    p = np.linalg.inv(A.T @ A) @ (A.T @ np.asarray(losses, dtype=float))
    if p[0] <= 0:
        raise ValueError("opens downwards")
    return tuple(p), 10 ** (-p[1] / 2 / p[0])
