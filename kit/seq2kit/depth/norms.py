"""How long the gradient is at each depth of a stack of layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

Array = np.ndarray[Any, np.dtype[np.float64]]
WORDS, WIDTH, HEADS, INNER = 16, 32, 4, 64


def gradients(make: Callable[[int, int, int], nn.Module], layers: int, strength: float = 1.0, seeds: int = 8) -> Array:
    """(seeds, layers + 1): the length of the gradient at x after 0 to `layers` layers, over the one at the top.

    make(d_model, n_heads, d_ffn) gives a layer (1, n, d) -> (1, n, d) with the parts `self_attn` and `fc2`, whose
    outputs are multiplied by `strength`. Input and gradient at the top are drawn anew for each seed."""
    rows = []
    with torch.random.fork_rng():
        for seed in range(seeds):
            torch.manual_seed(seed)
            stack = [_stronger(make(WIDTH, HEADS, INNER), strength) for _ in range(layers)]
            x = torch.randn(1, WORDS, WIDTH)
            x = (x - x.mean(-1, keepdim=True)).requires_grad_(True)
            states = [x]
            for layer in stack:
                states.append(layer(states[-1]))
            found = torch.autograd.grad(states[-1], states, torch.randn(1, WORDS, WIDTH))
            lengths = [float(g.norm()) for g in found]
            rows.append([length / lengths[-1] for length in lengths])
    return np.array(rows)


def identity(gradient: Callable[[Array, Array, int, int], Any], layers: int, seeds: int = 8) -> Array:
    """The same lengths for identity sub-layers, as gradient(gL, x0, L, l) gives them; x0 and gL are drawn anew for each
    seed."""
    rows = []
    for seed in range(seeds):
        drawn = np.random.default_rng(seed)
        x0, gL = drawn.standard_normal(WIDTH), drawn.standard_normal(WIDTH)
        x0 = (x0 - x0.mean()) / x0.std()
        lengths = [float(np.linalg.norm(np.asarray(gradient(gL, x0, layers, at)))) for at in range(layers + 1)]
        rows.append([length / lengths[-1] for length in lengths])
    return np.array(rows)


def _stronger(layer: nn.Module, strength: float) -> nn.Module:
    with torch.no_grad():
        for name, value in layer.named_parameters():
            if "out_proj" in name or name.startswith("fc2"):
                value.mul_(strength)
    return layer
