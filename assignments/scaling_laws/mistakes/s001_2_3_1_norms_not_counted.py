"""
item: s001-2.3.1
cell: s001-2_3_1
caught_by: each_layer_adds_the_same_parameters
misconception: LayerNorm has nothing to train
explain: The LayerNorms are missing from your count. Each has a scale and a shift for every entry, and there are
  two in a layer and one at the end.
"""

def count_parameters(vocab, context, width, layers):
    attention = 3 * width * width + 3 * width + width * width + width
    hidden = 2 * (4 * width * width) + 4 * width + width
    norms = 0
    return vocab * width + context * width + layers * (attention + hidden + norms)


def forward_flops(vocab, length, width, layers):
    projections = 2 * length * (4 * width * width)
    attention = 2 * (2 * length * length * width)
    hidden = 2 * length * (8 * width * width)
    return layers * (projections + attention + hidden) + 2 * length * width * vocab


def training_flops(vocab, length, width, layers, sequences):
    return 3 * forward_flops(vocab, length, width, layers) * sequences
