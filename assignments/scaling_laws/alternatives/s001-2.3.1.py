# %% collected_by_powers_of_the_width
"""the same polynomials in the width, multiplied out"""
def count_parameters(vocab, context, width, layers):
    return 12 * layers * width**2 + (13 * layers + vocab + context + 2) * width

def forward_flops(vocab, length, width, layers):
    return 24 * layers * length * width**2 + (4 * layers * length + 2 * vocab) * length * width

def training_flops(vocab, length, width, layers, sequences):
    forward = sequences * forward_flops(vocab, length, width, layers)
    backward = 2 * forward
    return forward + backward


# %% counter_without_memory
"""torch's counter on models of one and two layers that have shapes but no memory"""
def _meta(vocab, length, width, layers):
    with torch.device("meta"):
        return scaling.TinyGPT(vocab, length, width, layers), torch.zeros(1, length, dtype=torch.int64)

def _straight(count, layers):
    one, two = count(1), count(2)
    return one + (layers - 1) * (two - one)

def count_parameters(vocab, context, width, layers):
    return _straight(lambda k: scaling.torch_parameters(_meta(vocab, context, width, k)[0]), layers)

def forward_flops(vocab, length, width, layers):
    return _straight(lambda k: scaling.torch_flops(*_meta(vocab, length, width, k)), layers)

def training_flops(vocab, length, width, layers, sequences):
    return sequences * _straight(lambda k: scaling.torch_flops(*_meta(vocab, length, width, k), backward=True), layers)


# %% loops_over_tensors_and_products
"""loops over tensors, layers and products"""
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


# %% shapes_without_memory
"""parameters counted on torch's meta device, FLOPs as a sum over a list of products"""
def count_parameters(vocab, context, width, layers):
    with torch.device("meta"):
        return sum(p.numel() for p in scaling.TinyGPT(vocab, context, width, layers).parameters())

def forward_flops(vocab, length, width, layers):
    n, h = length, width
    products = [(n, h, 3 * h), (n, h, n), (n, n, h), (n, h, h), (n, h, 4 * h), (n, 4 * h, h)] * layers + [(n, h, vocab)]
    return sum(2 * m * k * p for m, k, p in products)

def training_flops(vocab, length, width, layers, sequences):
    return sum(forward_flops(vocab, length, width, layers) for _ in range(3)) * sequences


# %% torch_counts_the_small_ones
"""torch counts the FLOPs of the smallest models, and differences carry them on to any number of layers"""
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


# %% whole_numbers_as_floats
"""counts as floats of double precision, which hold them exactly"""
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
