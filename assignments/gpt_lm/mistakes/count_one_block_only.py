"""
item: s000-5.1.9a-count
cell: s000-5_1_9a-count
caught_by: parameters_without_the_head, layers_count_each_and_heads_do_not
misconception: layers share their weights
explain: You count one block, however many layers there are. Each layer has weights of its own.
"""

def count_params(cfg, head=False):
    V, n, d = (cfg[key] for key in ("vocab", "context", "d"))
    attention = 4 * (d * d + d)
    mlp = (d * 4 * d + 4 * d) + (4 * d * d + d)
    block = attention + mlp + 2 * (2 * d)
    return V * d + n * d + block + 2 * d + (V * d if head else 0)
