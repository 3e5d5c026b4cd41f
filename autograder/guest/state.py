"""Whether a check left something behind in the notebook's variables, told by looking at them before and after.

A fork that something was left in is not used for another check. What is found out here decides nothing but that:
each check has one deciding try, whatever state its fork is in, so there is nothing to gain by forging it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from types import BuiltinFunctionType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any

import numpy as np
from torch import Generator, Tensor, float32, float64, int64, strided

_MOST = 500  # objects looked at, nearest first: what lies deeper in large containers goes unseen
_WIDE = 64  # entries of one container, its last ones
_SMALL = 4_096  # bytes of an array that are compared one by one
_HASHED = {float32, float64, int64}
_IPYTHON = {"In", "Out", "exit", "quit", "get_ipython", "open"}
_OWN = {"__main__"}  # modules whose functions and classes the notebook defined; libraries are not looked into
_PLAIN = frozenset({int, float, complex, bool, str, bytes, type(None), ModuleType, BuiltinFunctionType, range, slice})


def threads() -> int:
    """How many threads this process has, those below Python included."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:  # where /proc cannot be mounted
        return threading.active_count()


class Look:
    """The variables of a notebook as they are now, in so far as a look of a fraction of a millisecond tells."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        modules = (sys.modules.get(name) for name in sorted(_OWN) if name != "__main__")
        self.roots = [namespace, *(module.__dict__ for module in modules if module is not None)]
        self.seen = self._print()

    def changed(self) -> bool:
        """Whether anything is other than it was. In doubt it is."""
        return not self.seen or self._print() != self.seen

    def _print(self) -> tuple[Any, ...]:
        try:
            return tuple(_walk(self.roots))
        except BaseException:  # objects of the notebook's own can raise whatever is asked of them
            return ()


def _walk(roots: list[dict[str, Any]]) -> Iterator[int]:
    """Identities of what the variables hold, and of what that holds; nearest first, each object once."""
    yield threading.active_count()
    known: set[int] = set()
    layer: list[Any] = list(roots)
    while layer:
        below: list[Any] = []
        for thing in layer:
            if id(thing) in known:
                continue
            known.add(id(thing))
            if len(known) > _MOST:
                return
            parts = _parts(thing, thing is roots[0])
            yield len(parts)
            for part in parts:
                yield id(part)
                if type(part) not in _PLAIN:
                    below.append(part)
        layer = below


def know_own_modules() -> None:
    """Modules that came with the submission are looked into as well. Once, before any fork: it takes a while."""
    home = os.environ.get("HOME", "") + "/"
    for name, module in list(sys.modules.items()):
        file = module.__dict__.get("__file__") if type(module) is ModuleType else None
        if isinstance(file, str) and file.startswith(home):
            _OWN.add(name)


def _parts(thing: Any, top: bool) -> list[Any]:
    """What an object holds, or numbers that tell its state (small ones: equal numbers are one object)."""
    kind = type(thing)
    if kind is dict:
        if top:  # but for what IPython keeps for itself
            own = (value for name, value in thing.items() if name[:1] != "_" and name not in _IPYTHON)
            return list(own)
        return [part for pair in list(thing.items())[-_WIDE:] for part in pair]
    if kind in (list, tuple):
        return list(thing[-_WIDE:])
    if kind is FunctionType:
        if thing.__module__ not in _OWN:
            return []
        cells = [_held(cell) for cell in thing.__closure__ or ()]
        return [*cells, *(thing.__defaults__ or ()), thing.__dict__, thing.__kwdefaults__]
    if kind is MethodType:
        return [thing.__self__, thing.__func__]
    if isinstance(thing, Tensor):
        small = thing.dtype in _HASHED and thing.layout is strided and thing.numel() * thing.itemsize <= _SMALL
        content = hash(thing.detach().numpy(force=True).tobytes()) if small else 0  # a version misses `.data`
        return [_number(thing._version), _number(content), thing.grad, thing.grad_fn is None, thing.requires_grad]
    if kind is np.ndarray:
        return [_number(hash(thing.tobytes())) if thing.nbytes <= _SMALL and thing.dtype.kind != "O" else None]
    if kind is Generator:
        return [_number(hash(thing.get_state().numpy().tobytes()))]
    if kind is np.random.Generator:
        return [_number(hash(repr(thing.bit_generator.state)))]
    if kind is GeneratorType:
        return [thing.gi_frame and _number(thing.gi_frame.f_lasti)]
    if kind in (set, frozenset, bytearray) or kind.__module__ == "collections":
        entries = list(thing)[-_WIDE:]
        return [_number(len(thing)), *(entries if not isinstance(thing, dict) else map(thing.get, entries))]
    if kind.__name__ == "_lru_cache_wrapper":
        return [_number(hash(thing.cache_info()))]
    if isinstance(thing, type):
        return list(thing.__dict__.values()) if thing.__module__ in _OWN else []
    if kind.__module__ in _OWN or isinstance(thing, (dict, list, tuple)) or kind.__module__[:9] == "torch.nn.":
        inside = [getattr(thing, slot, None) for slot in getattr(kind, "__slots__", ()) if isinstance(slot, str)]
        return [*inside, getattr(thing, "__dict__", None)]
    return []


def _held(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # a name that has no value yet
        return None


_NUMBERS: dict[int, int] = {}


def _number(value: int) -> int:
    """The same object for the same number, so that identities tell numbers apart."""
    return _NUMBERS.setdefault(value, value)
