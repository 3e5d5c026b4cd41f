"""Carries out the judge's requests on the objects of a finished notebook.

A request is a dict with `op`; the reply a dict with one of `ok`, `raised`, `missing`, `unsendable`.
Nothing here knows what is expected: it calls, reads, differentiates, and reports.
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograder.guest.wire import Remote, Unsendable, pack, unpack

Ask = Callable[[str, tuple[Any, ...], dict[str, Any]], Any]


class Servant:
    """Serves one namespace. `ask` is how a replaced function reaches the judge (error carried forward)."""

    def __init__(self, namespace: dict[str, Any], ask: Ask | None = None) -> None:
        self.namespace = namespace
        self.ask = ask
        self._kept: dict[int, Any] = {}

    def handle(self, data: bytes) -> bytes:
        """One packed request in, one packed reply out. Never raises for what student code does."""
        try:
            request = unpack(data)
            reply = self._answer(request)
            return pack(reply, self._keep)
        except Unsendable as error:
            return pack({"unsendable": str(error)[:300]})
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: student code may raise anything
            return pack({"raised": describe(error)})

    def _keep(self, obj: Any) -> Remote:
        number = len(self._kept) + 1
        if number > 10_000:
            raise Unsendable("too many objects")
        self._kept[number] = obj
        return Remote(number, type(obj).__name__, callable(obj))

    def _find(self, target: Any) -> Any:
        """The object a request names: a variable, or a handle, and a path of attributes from there."""
        name, path = (target[0], target[1:]) if isinstance(target, (list, tuple)) else (target, ())
        if isinstance(name, Remote):
            obj = self._kept[name.number]
        elif name in self.namespace:
            obj = self.namespace[name]
        else:
            raise Missing(str(name))
        for step in path:
            obj = getattr(obj, step)
        return obj

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"ok": getattr(self, "_op_" + request["op"])(request)}
        except Missing as missing:
            return {"missing": missing.name}

    def _localise(self, value: Any) -> Any:
        """Handles in arguments become the objects they stand for."""
        if isinstance(value, Remote):
            return self._kept[value.number]
        if isinstance(value, list):
            return [self._localise(v) for v in value]
        if isinstance(value, tuple):
            return tuple(self._localise(v) for v in value)
        if isinstance(value, dict):
            return {k: self._localise(v) for k, v in value.items()}
        return value

    def _op_get(self, request: dict[str, Any]) -> Any:
        return self._find(request["target"])

    def _op_call(self, request: dict[str, Any]) -> Any:
        function = self._find(request["target"])
        args = [self._localise(a) for a in request.get("args", [])]
        kwargs = {k: self._localise(v) for k, v in request.get("kwargs", {}).items()}
        result = function(*args, **kwargs)
        return (result, args) if request.get("echo") else result

    def _op_vjp(self, request: dict[str, Any]) -> Any:
        function = self._find(request["target"])
        inputs = [self._localise(a) for a in request["inputs"]]
        leaves = [a.requires_grad_(True) for a in inputs if isinstance(a, torch.Tensor) and a.is_floating_point()]
        outputs = _several(function(*inputs))
        return outputs, _pullback(outputs, leaves, request["cotangents"])

    def _op_parameter_gradients(self, request: dict[str, Any]) -> Any:
        module = self._find(request["target"])
        trained = {name: p for name, p in module.named_parameters() if p.requires_grad}
        outputs = _several(module(*[self._localise(a) for a in request["inputs"]]))
        return dict(zip(trained, _pullback(outputs, list(trained.values()), request["cotangents"]), strict=True))

    def _op_parameters(self, request: dict[str, Any]) -> Any:
        return {name: p.detach() for name, p in self._find(request["target"]).named_parameters()}

    def _op_load(self, request: dict[str, Any]) -> None:
        module = self._find(request["target"])
        module.load_state_dict({k: torch.as_tensor(v) for k, v in request["weights"].items()})

    def _op_seed(self, request: dict[str, Any]) -> None:
        random.seed(request["seed"])
        torch.manual_seed(request["seed"])
        np.random.seed(request["seed"] % 2**32)

    def _op_replace(self, request: dict[str, Any]) -> None:
        for name in request["names"]:
            self.namespace[name] = self._stand_in(name)

    def _stand_in(self, name: str) -> Callable[..., Any]:
        def reference(*args: Any, **kwargs: Any) -> Any:
            if self.ask is None:
                raise RuntimeError("no reference can be asked here")
            return self.ask(name, args, kwargs)

        reference.__name__ = name
        return reference


def _several(result: Any) -> list[Any]:
    return list(result) if isinstance(result, (tuple, list)) else [result]


def _pullback(outputs: list[Any], leaves: list[torch.Tensor], cotangents: list[Any]) -> list[Any]:
    paired = [(o, c) for o, c in zip(outputs, cotangents, strict=False) if c is not None]
    return list(
        torch.autograd.grad([o for o, _ in paired], leaves, [c.to(o.dtype) for o, c in paired], allow_unused=True)
    )


class Missing(LookupError):
    """The notebook does not define a name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def describe(error: BaseException) -> dict[str, str]:
    """Class name, text and place of an exception, and the nearest class of Python's own among those it comes from; all
    bounded. Reading a hostile exception never raises."""
    try:
        name, text = str(type(error).__name__)[:80], str(error)[:500]
        frames = traceback.extract_tb(error.__traceback__)[-4:]
        where = " < ".join(f"{f.name}:{f.lineno}" for f in reversed(frames))[:300]
        built_in = next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")[:80]
        pack([name, text, where, built_in])
    except BaseException:  # one whose __str__ raises, or gives text that cannot be sent
        name, text, where, built_in = "Exception", "", "", "Exception"
    return {"type": name, "text": text, "where": where, "built_in": built_in}
