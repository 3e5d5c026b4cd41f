"""
item: s001-2.3.1
cell: s001-2_3_1
caught_by: forward_flops_match_torch, attention_grows_with_the_square_of_the_length
misconception: a forward pass costs 2 N D, exactly
explain: You take two FLOPs per parameter and token. That is the rule of thumb; some parameters cost nothing
  here, and attention has products without parameters.
"""

def count_parameters(vocab, context, width, layers):
    attention = 3 * width * width + 3 * width + width * width + width
    hidden = 2 * (4 * width * width) + 4 * width + width
    norms = 2 * 2 * width
    return vocab * width + context * width + layers * (attention + hidden + norms) + 2 * width


def forward_flops(vocab, length, width, layers):
    return 2 * length * count_parameters(vocab, length, width, layers)


def training_flops(vocab, length, width, layers, sequences):
    return 3 * forward_flops(vocab, length, width, layers) * sequences
