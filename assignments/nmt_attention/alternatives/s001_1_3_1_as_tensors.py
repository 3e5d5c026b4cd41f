"""
item: s001-1.3.1
cell: s001-1_3_1
why: numbers may be tensors of one entry
"""

conv_params = {"WQ": torch.zeros(1, 1), "WK": torch.zeros(1, 1), "WV": torch.tensor([[3.0]]), "p": {1: torch.tensor(2.0).double().log(), -1: torch.zeros(1)}, "default": torch.tensor(-math.inf)}
