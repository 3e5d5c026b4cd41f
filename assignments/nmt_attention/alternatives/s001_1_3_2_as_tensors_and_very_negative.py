"""
item: s001-1.3.2
cell: s001-1_3_2
why: tensors of one entry, and a penalty far beyond any product
"""


def maxpool_params(k, lam):
    window = {int(offset): torch.tensor(0.0) for offset in torch.arange(-k, k + 1)}
    return {"WQ": torch.tensor([[float(lam)]]).double(), "WK": torch.ones(1, 1), "WV": torch.ones(1, 1), "p": window, "default": -1e30}
