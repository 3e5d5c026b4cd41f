"""
item: s001-2.3.1
cell: s001-2_3_1
why: torch's counter on models of one and two layers that have shapes but no memory
"""

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
