"""A model to practise training loops on: so small that its right answers are known, and it notes what it reads."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn


@dataclass
class Diary:
    """What a model was given, call by call: the token numbers (b, n), whether the model was in training mode, and
    whether gradients were on. A call with gradients on in training mode is, in a proper loop, one update."""

    ids: list[Tensor] = field(default_factory=list)
    training: list[bool] = field(default_factory=list)
    gradients: list[bool] = field(default_factory=list)


class Table(nn.Module):
    """A bigram model: row i of `weight` (V, V) holds the logits of the token after token i.

    forward(ids): (b, n) int64 -> logits (b, n, V). Each call goes into `diary`.
    """

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        if weight.ndim != 2 or weight.shape[0] != weight.shape[1]:
            raise ValueError(f"expected a square table of logits, got shape {tuple(weight.shape)}")
        self.weight = nn.Parameter(weight.detach().clone())
        self.diary = Diary()

    def forward(self, ids: Tensor) -> Tensor:
        """The rows of the table that belong to these tokens."""
        self.diary.ids.append(ids.detach().clone())
        self.diary.training.append(self.training)
        self.diary.gradients.append(torch.is_grad_enabled())
        return self.weight[ids]
