"""
item: s001-2.3.1
cell: s001-2_3_1
why: torch counts the FLOPs of the smallest models, and differences carry them on to any number of layers
"""

def count_parameters(vocab, context, width, layers):
    per_layer = sum(math.prod(shape) for shape in (
        (3 * width, width), (3 * width,), (width, width), (width,), (4 * width, width), (4 * width,), (width, 4 * width),
        (width,), (width,), (width,), (width,), (width,)))
    return per_layer * layers + sum(math.prod(s) for s in ((vocab, width), (context, width), (width,), (width,)))


def forward_flops(vocab, length, width, layers):
    if vocab * width > 10**6:
        return length * (layers * (24 * width**2 + 4 * length * width) + 2 * width * vocab)
    tokens = torch.zeros(1, length, dtype=torch.int64)
    one, two = (scaling.torch_flops(scaling.TinyGPT(vocab, length, width, k), tokens) for k in (1, 2))
    return one + (layers - 1) * (two - one)


def training_flops(vocab, length, width, layers, sequences):
    return 3 * sequences * forward_flops(vocab, length, width, layers)
