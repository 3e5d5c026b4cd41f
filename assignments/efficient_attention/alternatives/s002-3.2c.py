# %% parabola
"""points on a parabola: the tangent at each separates it from all others"""
as_expressive = "False"


def max_rank(n, d):
    return n if n < d else d


def witness(n, d=2):
    i = np.arange(n, dtype=float)
    return 20 * np.stack([2 * i, -np.ones(n)], axis=1), np.stack([i, i**2], axis=1)


# %% both_in_another_order
"""the same permutation applied to queries and keys"""
as_expressive = 0


def max_rank(n, d):
    return np.minimum(n, d)


def witness(n, d=2):
    angle = torch.linspace(0, 2 * math.pi, n + 1, dtype=torch.float64)[:-1].flip(0) + 0.3
    points = 40 * torch.stack([torch.cos(angle), torch.sin(angle)], dim=1)
    return points, points.clone()


# %% directions_and_places
"""long queries, keys on the unit circle"""
as_expressive = False


def max_rank(n, d):
    return sorted((n, d))[0]


def witness(n, d=2):
    keys = [[math.cos(6.283185307179586 * i / n), math.sin(6.283185307179586 * i / n)] for i in range(n)]
    return [[1e4 * x, 1e4 * y] for x, y in keys], keys


# %% stacked
"""both arrays in one; a truth value of numpy's; the rank of a product that was drawn"""
as_expressive = np.bool_(False)


def max_rank(n, d):
    drawn = np.random.default_rng(0)
    return np.linalg.matrix_rank(drawn.random((n, d)) @ drawn.random((d, n)))


def witness(n, d=2):
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    points = 50 * np.column_stack([np.cos(angle), np.sin(angle)])
    return np.stack([points, points])
