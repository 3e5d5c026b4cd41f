"""
item: s001-2.3.1
cell: s001-2_3_1
caught_by: each_layer_adds_the_same_parameters, parameters_outside_the_layers
misconception: each layer has three LayerNorms
explain: With one layer your count is right. But the last LayerNorm is there once, and you count it in every
  layer.
"""

def count_parameters(vocab, context, width, layers):
    return (vocab + context) * width + layers * (12 * width**2 + 15 * width)


def forward_flops(vocab, length, width, layers):
    return layers * (24 * length * width**2 + 4 * length**2 * width) + 2 * length * width * vocab


def training_flops(vocab, length, width, layers, sequences):
    return 3 * sequences * forward_flops(vocab, length, width, layers)
