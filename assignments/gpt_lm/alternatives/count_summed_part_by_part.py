"""
item: s000-5.1.9a-count
cell: s000-5_1_9a-count
why: the same numbers, summed over a list of shapes
"""

def count_params(cfg, head=False):
    V, n, d = cfg["vocab"], cfg["context"], cfg["d"]
    block = [(d, d), (d,)] * 4 + [(4 * d, d), (4 * d,), (d, 4 * d), (d,)] + [(d,)] * 4
    shapes = [(V, d), (n, d), (d,), (d,)] + block * cfg["layers"] + ([(V, d)] if head else [])
    return sum(math.prod(shape) for shape in shapes)
