"""
item: s000-5.1.9a-count
cell: s000-5_1_9a-count
caught_by: parameters_without_the_head
misconception: all parameters count, unless somebody says otherwise
explain: Your default counts the head. As in the source, the default leaves it out.
"""


def count_params(cfg, head=True):
    V, n, d, layers = (cfg[key] for key in ("vocab", "context", "d", "layers"))
    attention = 4 * (d * d + d)
    mlp = (d * 4 * d + 4 * d) + (4 * d * d + d)
    block = attention + mlp + 2 * (2 * d)
    return V * d + n * d + layers * block + 2 * d + (V * d if head else 0)
