"""
item: s001-2.3.1
cell: s001-2_3_1
caught_by: forward_flops_match_torch, output_costs_every_token_the_whole_vocabulary
misconception: the square of the width is the cost
explain: You return the square of the width. That is the size of one matrix, not a number of operations: it
  knows nothing of the tokens, the layers or the vocabulary.
"""

def count_parameters(vocab, context, width, layers):
    attention = 3 * width * width + 3 * width + width * width + width
    hidden = 2 * (4 * width * width) + 4 * width + width
    norms = 2 * 2 * width
    return vocab * width + context * width + layers * (attention + hidden + norms) + 2 * width


def forward_flops(vocab, length, width, layers):
    return width * width


def training_flops(vocab, length, width, layers, sequences):
    return 3 * forward_flops(vocab, length, width, layers) * sequences
