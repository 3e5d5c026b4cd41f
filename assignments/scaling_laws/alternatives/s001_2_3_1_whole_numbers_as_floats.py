"""
item: s001-2.3.1
cell: s001-2_3_1
why: counts as floats of double precision, which hold them exactly
"""

def count_parameters(vocab, context, width, layers):
    def linear(a, b):
        return (a + 1.0) * b
    layer = 4 * linear(width, width) + linear(width, 4 * width) + linear(4 * width, width) + 4 * width
    return float((vocab + context) * width + layers * layer + 2 * width)


def forward_flops(vocab, length, width, layers):
    tokens = torch.tensor(float(length), dtype=torch.float64)
    return tokens * (layers * (24.0 * width**2 + 4.0 * tokens * width) + 2.0 * width * vocab)


def training_flops(vocab, length, width, layers, sequences):
    return np.float64(forward_flops(vocab, length, width, layers)) * 3 * sequences
