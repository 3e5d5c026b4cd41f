"""
item: s001-2.1.3b
cell: s001-2_1_3b
why: an array of numpy in float64, made by two comprehensions
"""


def sinusoidal(n, d):
    return np.array([[(math.sin, math.cos)[c % 2](p / 10000 ** (2 * (c // 2) / d)) for c in range(d)] for p in range(n)])
