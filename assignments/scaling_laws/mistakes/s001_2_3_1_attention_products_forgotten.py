"""
item: s001-2.3.1
cell: s001-2_3_1
caught_by: attention_grows_with_the_square_of_the_length
misconception: only matrices with parameters cost something
explain: Your FLOPs grow in proportion to the length. Comparing all queries with all keys and mixing the values
  are matrix products too, with no parameters, and they grow with the square of the length.
"""

def count_parameters(vocab, context, width, layers):
    attention = 3 * width * width + 3 * width + width * width + width
    hidden = 2 * (4 * width * width) + 4 * width + width
    norms = 2 * 2 * width
    return vocab * width + context * width + layers * (attention + hidden + norms) + 2 * width


def forward_flops(vocab, length, width, layers):
    projections = 2 * length * (4 * width * width)
    attention = 0
    hidden = 2 * length * (8 * width * width)
    return layers * (projections + attention + hidden) + 2 * length * width * vocab


def training_flops(vocab, length, width, layers, sequences):
    return 3 * forward_flops(vocab, length, width, layers) * sequences
