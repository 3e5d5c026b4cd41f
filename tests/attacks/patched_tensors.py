"""Patch torch.Tensor, its constructor and its conversions, and numpy's arrays where that is possible.

about: compare
expect: no gain
"""

FIRST = """
import torch, numpy as np
zero = lambda *a, **k: 0.0
for name in ("__init__", "__sub__", "__rsub__", "abs", "max", "__gt__", "__lt__", "item", "tolist", "__bool__"):
    setattr(torch.Tensor, name, zero)
torch.tensor = torch.as_tensor = torch.softmax = torch.from_numpy = lambda *a, **k: torch.zeros(1)
np.abs = np.asarray = np.isfinite = zero
"""
