"""
item: s001-2.3.1
cell: s001-2_3_1
caught_by: attention_grows_with_the_square_of_the_length
misconception: a causal mask saves half the work
explain: You count only the pairs that the mask leaves. The full matrix of scores is computed and then masked,
  so all n times n pairs cost.
"""

def count_parameters(vocab, context, width, layers):
    attention = 3 * width * width + 3 * width + width * width + width
    hidden = 2 * (4 * width * width) + 4 * width + width
    norms = 2 * 2 * width
    return vocab * width + context * width + layers * (attention + hidden + norms) + 2 * width


def forward_flops(vocab, length, width, layers):
    projections = 2 * length * (4 * width * width)
    attention = 2 * (length * (length + 1) * width)
    hidden = 2 * length * (8 * width * width)
    return layers * (projections + attention + hidden) + 2 * length * width * vocab


def training_flops(vocab, length, width, layers, sequences):
    return 3 * forward_flops(vocab, length, width, layers) * sequences
