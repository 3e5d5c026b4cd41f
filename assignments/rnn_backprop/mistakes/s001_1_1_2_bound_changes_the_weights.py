"""
item: s001-1.1.2
cell: s001-1_1_2
caught_by: chain_functions_keep_dtype_and_inputs
misconception: an argument may be used as scratch paper
explain: Your bound replaces the weights of the caller by their sizes. Functions that end in an underscore
  work in place; take a copy.
"""


def relu_chain_bound(ws):
    return ws.abs_().prod() if isinstance(ws, torch.Tensor) else float(np.prod(np.abs(ws)))


def dead_example():
    return [2.0, 3.0, 1.5], -1.0
