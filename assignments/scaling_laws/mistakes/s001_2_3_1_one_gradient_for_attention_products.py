"""
item: s001-2.3.1
cell: s001-2_3_1
caught_by: training_flops_match_torch
misconception: products without weights have one gradient
explain: You count one gradient for the products of attention because they have no weights. Both factors
  come from trained maps, so both need a gradient.
"""

def count_parameters(vocab, context, width, layers):
    return (vocab + context + 2) * width + layers * (12 * width**2 + 13 * width)


def forward_flops(vocab, length, width, layers):
    return layers * (24 * length * width**2 + 4 * length**2 * width) + 2 * length * width * vocab


def training_flops(vocab, length, width, layers, sequences):
    attention = 4 * layers * length**2 * width
    return sequences * (3 * forward_flops(vocab, length, width, layers) - attention)
