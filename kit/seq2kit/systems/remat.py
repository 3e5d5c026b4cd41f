"""Activations that are computed again: a replay of schedules, and layers that count how often they run.

A schedule is a list of steps of one backward pass over L layers. Layer j makes activation a_j of a_(j-1); a_0 is the
input. There is one register, which holds a single activation. ("loadmem", j) loads a stored a_j into it, ("fwd", j)
turns the a_(j-1) in it into a_j, and ("backward", j) sends the gradient through layer j, for which a_j has to be in it.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

Step = tuple[str, int]
LOAD, FORWARD, BACKWARD = "loadmem", "fwd", "backward"
_NAMES = (LOAD, FORWARD, BACKWARD)


class Illegal(ValueError):
    """A step that cannot be made; the message says which and why."""


@dataclass(frozen=True)
class Replayed:
    """What a schedule does. forwards, loads: how often; peak: activations held at once, stored ones and the register;
    order: layers in the order of their backward steps; held: the register's activation after each step."""

    forwards: int
    loads: int
    peak: int
    order: tuple[int, ...]
    held: tuple[int, ...]


def replay(steps: Iterable[Sequence[Any]], layers: int, every: int, needs_input: bool = False) -> Replayed:
    """Carry out a schedule. every: each so many layers an activation is stored, and a_0 is; needs_input: backward(j)
    wants a_(j-1) in the register and not a_j. Raises Illegal at the first step that cannot be made."""
    stored = set(range(0, layers + 1, every))
    register, forwards, loads = -1, 0, 0
    order, held = list[int](), list[int]()
    for number, step in enumerate(steps, 1):
        name, j = read(step, number)
        if name == LOAD:
            if j not in stored:
                raise Illegal(f"step {number} loads an activation that is not stored")
            register, loads = j, loads + 1
        elif name == FORWARD:
            if register != j - 1 or not 1 <= j <= layers:
                raise Illegal(f"step {number} runs a layer whose input is not in the register")
            register, forwards = j, forwards + 1
        else:
            if register != j - int(needs_input):
                raise Illegal(f"step {number} goes back through a layer without its activation in the register")
            order.append(j)
        held.append(register)
    return Replayed(forwards, loads, len(stored) + 1, tuple(order), tuple(held))


def replayed(steps: Iterable[Sequence[Any]], layers: int, every: int) -> Replayed:
    """As `replay`, in whichever of the two conventions the schedule keeps to. Raises Illegal for one of neither."""
    kept = list(steps)
    try:
        return replay(kept, layers, every)
    except Illegal as error:
        try:
            return replay(kept, layers, every, needs_input=True)
        except Illegal:
            raise error from None


def read(step: Any, number: int) -> Step:
    """A step as (name, layer). Raises Illegal for anything else; number: its place, for the message."""
    if isinstance(step, (tuple, list)) and len(step) == 2 and isinstance(step[0], str) and step[0] in _NAMES:
        try:
            return step[0], operator.index(step[1])
        except TypeError:
            pass
    raise Illegal(f'step {number} is none: write ("{LOAD}", j), ("{FORWARD}", j) or ("{BACKWARD}", j)')


class Stack:
    """`layers`: modules Linear and tanh of one width; `calls`: which of them ran, counted from 1, in order (a hook on
    each notes it when it begins). float64, the same numbers for the same seed."""

    def __init__(self, layers: int, width: int, seed: int = 0) -> None:
        drawn = torch.Generator().manual_seed(seed)
        self.calls: list[int] = []
        self.layers = nn.ModuleList()
        for number in range(1, layers + 1):
            linear = nn.Linear(width, width, dtype=torch.float64)
            with torch.no_grad():
                for parameter in linear.parameters():
                    parameter.copy_(torch.randn(parameter.shape, generator=drawn, dtype=torch.float64) / width**0.5)
            layer = nn.Sequential(linear, nn.Tanh())
            layer.register_forward_pre_hook(self._noting(number))
            self.layers.append(layer)

    def _noting(self, number: int) -> Any:
        def note(module: nn.Module, inputs: Any) -> None:
            self.calls.append(number)

        return note

    def plain(self, x: Tensor) -> Tensor:
        """All layers after each other: (n, width) -> (n, width)."""
        for layer in self.layers:
            x = layer(x)
        return x
