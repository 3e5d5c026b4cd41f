"""Where an answer computes, and how its inputs follow it there.

Hidden inputs arrive on the CPU, and what comes back is compared there. A notebook that put its model, or its constants,
onto a GPU is as right as one that did not. So tensors go where the object that is called has its own; a function, which
shows no place, is called with what arrived, and if that meets tensors elsewhere, once more with inputs that lie there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FunctionType, MethodType
from typing import Any

import torch
from torch import Tensor, device
from torch.nn import Module

_CPU = device("cpu")
_uses_cuda: Callable[[], bool] = torch.cuda.is_initialized
_NO_PLACE = ("cpu", "meta")  # inputs lie on the first already, and on the second they would hold nothing
_MOST = 2_000  # variables that are looked at
# What torch says where tensors of several devices meet, and where numpy is to read one that it cannot reach.
_MIXED = re.compile(
    r"on the same device|not on the expected device|Expected object of device type|different from other tensors on|"
    r"Input type \(.*\) and weight type \(.*\) should be the same|can't convert .* device type tensor to numpy|"
    r"Expected a '.*' device type for generator"
)


def bound_memory(megabytes: int) -> None:
    """As soon as CUDA starts in this process, torch is to take no more of the GPU's memory than that."""

    def bound() -> None:
        whole = torch.cuda.get_device_properties(0).total_memory
        torch.cuda.set_per_process_memory_fraction(min(1.0, megabytes * 2**20 / whole))

    torch.cuda._lazy_call(bound)  # starting it for every notebook would cost a second, and memory


def place_of(things: Iterable[Any]) -> device | None:
    """The device that the first of these which has one computes on; None for the CPU, or when nothing shows. Objects of
    the notebook's own may answer anything, or raise: then nothing shows."""
    for thing in things:
        try:
            for found in _devices(thing):
                if isinstance(found, device) and found.type not in _NO_PLACE:
                    return found
        except Exception:  # what it is called for is still to come, and may well work
            continue
    return None


def _devices(thing: Any) -> Iterator[device]:
    """Of a tensor, a module, what a method belongs to, and what an object holds itself."""
    if isinstance(thing, MethodType):
        thing = thing.__self__
    if isinstance(thing, Tensor):
        yield thing.device
    elif isinstance(thing, device):
        yield thing
    elif isinstance(thing, Module):
        for held in (*thing.parameters(), *thing.buffers()):
            yield held.device
            return
    elif isinstance(thing, (list, tuple)):
        for part in thing[:_MOST]:
            yield from _devices(part)
    elif not isinstance(thing, (FunctionType, type)) and isinstance(vars_of(thing), dict):
        for held in list(vars_of(thing).values())[:_MOST]:
            if isinstance(held, (Tensor, Module, device)):
                yield from _devices(held)


def vars_of(thing: Any) -> Any:
    """What an object holds by name, if it does."""
    return getattr(thing, "__dict__", None)


def follow(value: Any, place: device | None) -> Any:
    """Tensors that arrived, on `place`; whatever else they lie in is as it was."""
    if place is None or place == _CPU:
        return value
    if isinstance(value, Tensor):
        return value.detach().to(place).requires_grad_(value.requires_grad)
    if isinstance(value, (list, tuple)):
        return type(value)(follow(part, place) for part in value)
    if isinstance(value, dict):
        return {key: follow(part, place) for key, part in value.items()}
    return value


def other_place(error: Exception, place: device | None, spaces: Iterable[Mapping[str, Any]]) -> device | None:
    """Where else to put the inputs of a call that has met tensors of two devices; None for every other exception, and
    when there is nowhere else. `spaces`: the variables among which that shows."""
    if not isinstance(error, (RuntimeError, TypeError, ValueError)) or not _MIXED.search(str(error)):
        return None
    if place is not None and place != _CPU:
        return _CPU
    for space in spaces:
        if (found := place_of(list(space.values())[:_MOST])) is not None:
            return found
    return device("cuda") if _uses_cuda() else None
