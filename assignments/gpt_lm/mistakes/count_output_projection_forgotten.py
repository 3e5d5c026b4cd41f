"""
item: s000-5.1.9a-count
cell: s000-5_1_9a-count
caught_by: parameters_without_the_head, layers_count_each_and_heads_do_not
misconception: attention has three matrices
explain: You count three matrices in the attention. There are four: O is one of them.
"""

def count_params(cfg, head=False):
    V, n, d, layers = (cfg[key] for key in ("vocab", "context", "d", "layers"))
    attention = 3 * (d * d + d)
    mlp = (d * 4 * d + 4 * d) + (4 * d * d + d)
    block = attention + mlp + 2 * (2 * d)
    return V * d + n * d + layers * block + 2 * d + (V * d if head else 0)
