"""
item: s001-2.3.1
cell: s001-2_3_1
why: loops over tensors, layers and products
"""

def count_parameters(vocab, context, width, layers):
    total = 0
    for rows, columns in ((vocab, width), (context, width), (2, width)):
        total += rows * columns
    for _ in range(layers):
        total += 4 * (width + 1) * width + (width + 1) * 4 * width + (4 * width + 1) * width + 4 * width
    return total


def forward_flops(vocab, length, width, layers):
    def mult(m, k, n):
        return 2 * m * k * n

    flops = 0
    for _ in range(layers):
        for _ in "qkvo":
            flops += mult(length, width, width)
        flops += mult(length, width, length) + mult(length, length, width)
        flops += mult(length, width, 4 * width) + mult(length, 4 * width, width)
    return flops + mult(length, width, vocab)


def training_flops(vocab, length, width, layers, sequences):
    return sum(3 * forward_flops(vocab, length, width, layers) for _ in range(sequences))
