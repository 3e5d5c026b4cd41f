"""Carries out the judge's requests on the objects of a finished notebook.

A request is a dict with `op`; the reply a dict with one of `ok`, `raised`, `missing`, `unsendable`.
Nothing here knows what is expected: it calls, reads, differentiates, and reports.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from torch import Tensor, as_tensor, device, get_rng_state, manual_seed, set_rng_state
from torch.autograd import grad

from autograder.guest import switches
from autograder.guest.devices import follow, other_place, place_of
from autograder.guest.state import Look
from autograder.guest.tracing import Unfit, describe
from autograder.guest.wire import Remote, Unsendable, pack, unpack

_seed_numpy, _seed_python = np.random.seed, random.seed  # held, as are the names above: a notebook may overwrite them

_WRAPPERS = {"OptimizedModule": "_orig_mod", "DataParallel": "module", "DistributedDataParallel": "module"}
Ask = Callable[[str, tuple[Any, ...], dict[str, Any]], Any]


class Servant:
    """Serves one namespace. `ask` is how a replaced function reaches the judge (error carried forward). `alone`: this
    process serves nothing else, so what a notebook left on or off in it is set back before each request."""

    def __init__(self, namespace: dict[str, Any], ask: Ask | None = None, alone: bool = False) -> None:
        self.namespace = namespace
        self.ask = ask
        self.alone = alone
        self.threads = False  # whether the notebook has threads that a fork of it lacks
        self._kept: dict[int, Any] = {}
        self._data = b""  # of the request at hand
        self._places: dict[tuple[Any, ...], device | None] = {}  # where the inputs of a function go, by its name
        self._look: Look | None = None

    def handle(self, data: bytes) -> bytes:
        """One packed request in, one packed reply out. Never raises for what student code does."""
        try:
            gradients = switches.set_back() if self.alone else None
            self._data = data
            request = unpack(data)
            if gradients is not None and self._is_of_a_library(request):
                switches.gradients(gradients)  # a check that asks torch itself wants to know how an answer left it
            reply = self._answer(request)
            return pack(reply, self._keep)
        except Unsendable as error:
            return pack({"unsendable": str(error)[:300]})
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: student code may raise anything
            return pack({"raised": describe(error, self.namespace)})

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
        obj = _unwrapped(obj)
        for step in path:
            obj = _unwrapped(getattr(obj, step))
        return obj

    def _is_of_a_library(self, request: dict[str, Any]) -> bool:
        """Whether a request goes to a module of Python's or torch's, and not to anything of the notebook's own."""
        target = request.get("target")
        root = target[0] if isinstance(target, (list, tuple)) and target else None
        return isinstance(root, Remote) and isinstance(self._kept.get(root.number), ModuleType)

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

    def _with_inputs(self, function: Any, request: dict[str, Any], work: Callable[[list[Any], Any], Any]) -> Any:
        """What `work` makes of the inputs of a request, which lie where `function` computes (see devices.py)."""
        target = request["target"]
        name = tuple(target) if isinstance(target, list) and all(isinstance(step, str) for step in target) else ()

        def inputs(asked: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
            return self._localise(asked.get("args", asked.get("inputs", []))), self._localise(asked.get("kwargs", {}))

        args, kwargs = inputs(request)
        place = self._places[name] if name in self._places else place_of([function, args, *kwargs.values()])
        numbers = get_rng_state()
        try:
            return work(follow(args, place), follow(kwargs, place))
        except Exception as error:
            other = other_place(error, place, (getattr(function, "__globals__", {}), self.namespace))
            if other is None:
                raise
        set_rng_state(numbers)
        args, kwargs = inputs(unpack(self._data))  # anew: the first call may have changed what it was given
        found = work(follow(args, other), follow(kwargs, other))
        if name:
            self._places[name] = other
        return found

    def _op_call(self, request: dict[str, Any]) -> Any:
        function = self._find(request["target"])

        def call(args: list[Any], kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            return (result, args) if request.get("echo") else result

        return self._with_inputs(function, request, call)

    def _op_vjp(self, request: dict[str, Any]) -> Any:
        function = self._find(request["target"])

        def pull(inputs: list[Any], _: Any) -> Any:
            leaves = [a.requires_grad_(True) for a in inputs if isinstance(a, Tensor) and a.is_floating_point()]
            outputs = _several(function(*inputs))
            return outputs, _pullback(outputs, leaves, request["cotangents"])

        return self._with_inputs(function, request, pull)

    def _op_parameter_gradients(self, request: dict[str, Any]) -> Any:
        module = self._find(request["target"])
        trained = {name: p for name, p in module.named_parameters() if p.requires_grad}

        def pull(inputs: list[Any], _: Any) -> Any:
            outputs = _several(module(*inputs))
            return dict(zip(trained, _pullback(outputs, list(trained.values()), request["cotangents"]), strict=True))

        return self._with_inputs(module, request, pull)

    def _op_parameters(self, request: dict[str, Any]) -> Any:
        return {name: p.detach() for name, p in self._find(request["target"]).named_parameters()}

    def _op_load(self, request: dict[str, Any]) -> None:
        """Every parameter, and nothing that the module lacks. Buffers that were not sent stay as they are."""
        module = self._find(request["target"])
        weights = {k: as_tensor(v) for k, v in request["weights"].items()}
        try:
            found = module.load_state_dict(weights, strict=False)
        except RuntimeError as error:
            raise Unfit("weights", str(error)) from error
        needed = {name for name, _ in module.named_parameters()}
        if found is not None and (found.unexpected_keys or needed.intersection(found.missing_keys)):
            raise Unfit("weights", "other names of parameters than those that were sent")

    def _op_seed(self, request: dict[str, Any]) -> None:
        _seed_python(request["seed"])
        manual_seed(request["seed"])
        _seed_numpy(request["seed"] % 2**32)

    def _op_begin(self, request: dict[str, Any]) -> Any:
        """A check begins: the same random numbers whatever ran before, and what earlier checks were given is let go.
        Answers whether one of them left something behind, and whether there are threads that a fork lacks."""
        self._op_seed(request)
        self._kept.clear()
        before, self._look = self._look, self._look or Look(self.namespace)
        return [before is not None and before.changed(), self.threads]

    def _op_replace(self, request: dict[str, Any]) -> None:
        for name in request["names"]:
            self.namespace[name] = self._stand_in(name)

    def _stand_in(self, name: str) -> Callable[..., Any]:
        def reference(*args: Any, **kwargs: Any) -> Any:
            if self.ask is None:
                raise RuntimeError("no reference can be asked here")
            return follow(self.ask(name, args, kwargs), place_of([args, *kwargs.values()]))

        reference.__name__ = name
        return reference


def _unwrapped(obj: Any) -> Any:
    """The module inside what torch wraps around one. Its parameters go by their own names, and it computes the same."""
    while (inside := _WRAPPERS.get(type(obj).__name__)) and type(obj).__module__.startswith("torch."):
        obj = getattr(obj, inside)
    return obj


def _several(result: Any) -> list[Any]:
    return list(result) if isinstance(result, (tuple, list)) else [result]


def _pullback(outputs: list[Any], leaves: list[Tensor], cotangents: list[Any]) -> list[Any]:
    paired = [(o, c) for o, c in zip(outputs, cotangents, strict=False) if c is not None]
    if not all(isinstance(o, Tensor) for o, _ in paired):
        raise Unfit("no tensor", "a result is no tensor")
    if any(o.shape != c.shape for o, c in paired):
        raise Unfit("shape", f"shapes {[tuple(o.shape) for o, _ in paired]}, not {[tuple(c.shape) for _, c in paired]}")
    if not all(o.requires_grad for o, _ in paired):
        raise Unfit("no gradient", "a result does not require a gradient")
    return list(grad([o for o, _ in paired], leaves, [c.to(o.device, o.dtype) for o, c in paired], allow_unused=True))


class Missing(LookupError):
    """The notebook does not define a name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
