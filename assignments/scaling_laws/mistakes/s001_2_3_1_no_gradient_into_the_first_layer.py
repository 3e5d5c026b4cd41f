"""
item: s001-2.3.1
cell: s001-2_3_1
caught_by: training_flops_match_torch
misconception: nothing flows back beyond the first layer
explain: You leave out the gradient for the input of the first layer. Below it lie embeddings that are
  trained, so it is computed like all others.
"""

def count_parameters(vocab, context, width, layers):
    return (vocab + context + 2) * width + layers * (12 * width**2 + 13 * width)


def forward_flops(vocab, length, width, layers):
    return layers * (24 * length * width**2 + 4 * length**2 * width) + 2 * length * width * vocab


def training_flops(vocab, length, width, layers, sequences):
    return sequences * (3 * forward_flops(vocab, length, width, layers) - 6 * length * width**2)
