"""
item: s000-5.1.9a-count
cell: s000-5_1_9a-count
caught_by: parameters_without_the_head, layers_count_each_and_heads_do_not
misconception: each head has full-size projections
explain: You multiply the attention by the number of heads. The heads share the d columns, so their number
  changes nothing.
"""

def count_params(cfg, head=False):
    V, n, d, layers = (cfg[key] for key in ("vocab", "context", "d", "layers"))
    attention = 4 * (d * d + d) * cfg["heads"]
    mlp = (d * 4 * d + 4 * d) + (4 * d * d + d)
    block = attention + mlp + 2 * (2 * d)
    return V * d + n * d + layers * block + 2 * d + (V * d if head else 0)
