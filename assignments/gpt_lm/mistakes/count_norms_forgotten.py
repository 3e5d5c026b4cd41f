"""
item: s000-5.1.9a-count
cell: s000-5_1_9a-count
caught_by: parameters_without_the_head, layers_count_each_and_heads_do_not
misconception: norms have nothing to learn
explain: Your count leaves out the norms. Each nn.LayerNorm learns d weights and d biases.
"""

def count_params(cfg, head=False):
    V, n, d, layers = (cfg[key] for key in ("vocab", "context", "d", "layers"))
    attention = 4 * (d * d + d)
    mlp = (d * 4 * d + 4 * d) + (4 * d * d + d)
    block = attention + mlp
    return V * d + n * d + layers * block + (V * d if head else 0)
