"""
item: s001-2.3.1
cell: s001-2_3_1
caught_by: forward_flops_match_torch, attention_grows_with_the_square_of_the_length
misconception: softmax is counted too
explain: You count operations of the softmax. Only matrix products count here, as in torch's counter.
"""

def count_parameters(vocab, context, width, layers):
    return (vocab + context + 2) * width + layers * (12 * width**2 + 13 * width)


def forward_flops(vocab, length, width, layers):
    return layers * (24 * length * width**2 + 4 * length**2 * width + 5 * length**2) + 2 * length * width * vocab


def training_flops(vocab, length, width, layers, sequences):
    return 3 * sequences * forward_flops(vocab, length, width, layers)
