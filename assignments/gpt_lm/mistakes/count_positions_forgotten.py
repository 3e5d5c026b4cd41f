"""
item: s000-5.1.9a-count
cell: s000-5_1_9a-count
caught_by: parameters_without_the_head
misconception: positions are free
explain: Your count leaves out the learned positions: one row of width d for each position of the context.
"""

def count_params(cfg, head=False):
    V, d, layers = (cfg[key] for key in ("vocab", "d", "layers"))
    attention = 4 * (d * d + d)
    mlp = (d * 4 * d + 4 * d) + (4 * d * d + d)
    block = attention + mlp + 2 * (2 * d)
    return V * d + layers * block + 2 * d + (V * d if head else 0)
