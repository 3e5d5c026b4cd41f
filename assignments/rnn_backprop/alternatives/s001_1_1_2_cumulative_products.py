"""
item: s001-1.1.2
cell: s001-1_1_2
why: the last of the cumulative products of the sizes
"""


def relu_chain_bound(ws):
    return np.cumprod([abs(float(w)) for w in ws])[-1]


def dead_example():
    return (1.001,), -1e-6
