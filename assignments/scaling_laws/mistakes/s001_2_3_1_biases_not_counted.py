"""
item: s001-2.3.1
cell: s001-2_3_1
caught_by: each_layer_adds_the_same_parameters
misconception: only matrices are parameters
explain: The biases of the linear maps are missing from your count. Each of them has one bias per output, and
  they are trained.
"""

def count_parameters(vocab, context, width, layers):
    attention = 3 * width * width + width * width
    hidden = 2 * (4 * width * width)
    norms = 2 * 2 * width
    return vocab * width + context * width + layers * (attention + hidden + norms) + 2 * width


def forward_flops(vocab, length, width, layers):
    projections = 2 * length * (4 * width * width)
    attention = 2 * (2 * length * length * width)
    hidden = 2 * length * (8 * width * width)
    return layers * (projections + attention + hidden) + 2 * length * width * vocab


def training_flops(vocab, length, width, layers, sequences):
    return 3 * forward_flops(vocab, length, width, layers) * sequences
