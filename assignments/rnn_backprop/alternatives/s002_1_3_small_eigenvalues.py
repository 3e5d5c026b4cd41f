"""
item: s002-1.3
cell: s002-1_3
why: norm above 9, spectral radius 1/2, so powers die out; a rotation with stretch explodes; W may be a
  tensor
"""


def not_sufficient():
    return {"act": "identity", "W": torch.tensor([[0.5, 9.0], [0.0, 0.4]]), "h0": torch.ones(2)}


def explodes():
    return {"act": "identity", "W": [[0.0, -50.0], [50.0, 0.0]], "h0": [1.0, 2.0]}


necessary = 1
sufficient = 0
