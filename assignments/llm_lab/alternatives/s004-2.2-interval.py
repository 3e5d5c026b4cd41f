# %% by_the_roots
"""The edges are the rates whose distance from k / n is z standard errors: a quadratic equation."""
def wilson(k, n, z=1.96):
    a, b, c = n + z**2, -(2 * k + z**2), k**2 / n
    root = max(b * b - 4 * a * c, 0.0) ** 0.5
    return (max(0.0, (-b - root) / (2 * a)), min(1.0, (-b + root) / (2 * a)))


def better(first, second):
    one, two = wilson(*first), wilson(*second)
    if one[1] < two[0]:
        return "second"
    if two[1] < one[0]:
        return "first"
    return "cannot tell"


# %% by_middle_and_width
"""Middle and half width by themselves."""
def wilson(k, n, z=1.96):
    middle = (k + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * math.sqrt(k * (n - k) / n + z**2 / 4)
    return [float(np.clip(middle - half, 0, 1)), float(np.clip(middle + half, 0, 1))]


# %% by_numpy
"""In numpy, as an array."""
def wilson(k, n, z=1.96):
    p = k / n
    signs = np.array([-1.0, 1.0])
    edges = (p + z**2 / (2 * n) + signs * z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))) / (1 + z**2 / n)
    return np.clip(edges, 0.0, 1.0)


def better(first, second):
    low, high = zip(wilson(*first), wilson(*second), strict=True)
    return "first" if low[0] > high[1] else ("second" if low[1] > high[0] else "cannot tell")


# %% not_clipped
"""The formula as it stands. What rounding makes of 0 and 1 is no matter."""
def wilson(k, n, z=1.96):
    d = n + z * z
    c = (k + z * z / 2) / d
    h = z / d * math.sqrt(k * (n - k) / n + z * z / 4)
    return c - h, c + h
