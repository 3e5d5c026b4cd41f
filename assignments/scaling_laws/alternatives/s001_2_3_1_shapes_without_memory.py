"""
item: s001-2.3.1
cell: s001-2_3_1
why: parameters counted on torch's meta device, FLOPs as a sum over a list of products
"""

def count_parameters(vocab, context, width, layers):
    with torch.device("meta"):
        return sum(p.numel() for p in scaling.TinyGPT(vocab, context, width, layers).parameters())


def forward_flops(vocab, length, width, layers):
    n, h = length, width
    products = [(n, h, 3 * h), (n, h, n), (n, n, h), (n, h, h), (n, h, 4 * h), (n, 4 * h, h)] * layers + [(n, h, vocab)]
    return sum(2 * m * k * p for m, k, p in products)


def training_flops(vocab, length, width, layers, sequences):
    return sum(forward_flops(vocab, length, width, layers) for _ in range(3)) * sequences
