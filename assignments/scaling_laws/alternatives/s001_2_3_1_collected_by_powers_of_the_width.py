"""
item: s001-2.3.1
cell: s001-2_3_1
why: the same polynomials in the width, multiplied out
"""

def count_parameters(vocab, context, width, layers):
    return 12 * layers * width**2 + (13 * layers + vocab + context + 2) * width


def forward_flops(vocab, length, width, layers):
    return 24 * layers * length * width**2 + (4 * layers * length + 2 * vocab) * length * width


def training_flops(vocab, length, width, layers, sequences):
    forward = sequences * forward_flops(vocab, length, width, layers)
    backward = 2 * forward
    return forward + backward
