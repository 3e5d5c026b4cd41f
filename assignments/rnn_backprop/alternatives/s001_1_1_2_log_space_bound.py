"""
item: s001-1.1.2
cell: s001-1_1_2
why: adds logarithms of the sizes and exponentiates; a weight of 0 gives exp(-inf) = 0
"""


def relu_chain_bound(ws):
    return torch.exp(torch.as_tensor(ws).abs().log().sum())


def dead_example():
    return torch.full((4,), 7.0), torch.tensor(-0.25)
