"""
item: s000-5.1.9a-count
cell: s000-5_1_9a-count
caught_by: parameters_without_the_head
misconception: norms stand inside blocks only
explain: Your count lacks the norm behind the last block.
"""

def count_params(cfg, head=False):
    V, n, d, layers = (cfg[key] for key in ("vocab", "context", "d", "layers"))
    attention = 4 * (d * d + d)
    mlp = (d * 4 * d + 4 * d) + (4 * d * d + d)
    block = attention + mlp + 2 * (2 * d)
    return V * d + n * d + layers * block + (V * d if head else 0)
