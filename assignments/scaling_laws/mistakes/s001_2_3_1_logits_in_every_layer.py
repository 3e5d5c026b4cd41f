"""
item: s001-2.3.1
cell: s001-2_3_1
caught_by: forward_flops_match_torch, output_costs_every_token_the_whole_vocabulary
misconception: every layer makes logits
explain: Your logits stand inside the bracket that is multiplied by the number of layers. They are computed
  once, after the last layer.
"""

def count_parameters(vocab, context, width, layers):
    return (vocab + context + 2) * width + layers * (12 * width**2 + 13 * width)


def forward_flops(vocab, length, width, layers):
    return layers * (24 * length * width**2 + 4 * length**2 * width + 2 * length * width * vocab)


def training_flops(vocab, length, width, layers, sequences):
    return 3 * sequences * forward_flops(vocab, length, width, layers)
