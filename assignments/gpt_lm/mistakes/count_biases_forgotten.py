"""
item: s000-5.1.9a-count
cell: s000-5_1_9a-count
caught_by: parameters_without_the_head, layers_count_each_and_heads_do_not
misconception: a layer is its matrix
explain: Your count leaves out biases. Every nn.Linear but the head has one number per output as well.
"""

def count_params(cfg, head=False):
    V, n, d, layers = (cfg[key] for key in ("vocab", "context", "d", "layers"))
    attention = 4 * d * d
    mlp = 8 * d * d
    block = attention + mlp + 2 * (2 * d)
    return V * d + n * d + layers * block + 2 * d + (V * d if head else 0)
