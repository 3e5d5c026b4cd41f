"""The proxy that checks talk to: `student.f(x)` runs f in the student's process and brings a copy back."""

from __future__ import annotations

from typing import Any, Protocol

import torch

from autograder.errors import Feedback, ProtocolError
from autograder.guest.wire import UNKNOWN_KIND, Remote
from autograder.judge.given import GivenWeights, given, kind_of
from autograder.judge.named import named, part_of

# What checks build, copy and walk for each parameter is in proportion to these.
_MOST_PARAMETERS, _MOST_TENSORS = 4_000_000, 2_000
_TEXTS = ("type", "text", "where", "built_in", "cell", "code", "ours")  # of a report on an exception
_REPORTED = 500  # characters of each that count


class Port(Protocol):
    """Carries one request to wherever the notebook lives, and its reply back."""

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """Raises ProtocolError (ChannelClosed, ChannelTimeout) when no well-formed reply comes."""
        ...


class StudentRaised(Exception):
    """Student code raised. `kind` is the class name as reported, `built_in` that of Python's own class which it is or
    comes from; `text` is for the instructor only; `seen` is the whole report: short texts, numbers and truth values.
    `asked` is the request that it was raised for."""

    def __init__(
        self, what: str, kind: str, text: str, where: str, built_in: str = "", seen: dict[str, Any] | None = None,
        asked: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(f"{what} raised {kind}: {text} [{where}]")
        self.seen, self.asked = seen or {}, asked or {}
        self.what, self.kind, self.text, self.built_in = what, kind, text, built_in or kind


class NameMissing(Exception):
    """The notebook does not define `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NotData(Exception):
    """The student's result cannot be read as data (an object graph too deep, too large, or hostile)."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"{what}: {reason}")
        self.what, self.large = what, reason.startswith("larger than")


class Student:
    """A finished notebook, seen from outside. Attributes are callables: `student.bptt(Whh, ...)`."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._names: dict[str, None] = {}

    def __getattr__(self, name: str) -> Function:
        if name.startswith("_"):
            raise AttributeError(name)
        return Function(self, [name])

    def value(self, name: str) -> Any:
        """A variable of the notebook, as plain data. Raises NameMissing."""
        return self.ask({"op": "get", "target": [name]}, name)

    def entry(self, name: str, key: str) -> Any:
        """One entry of a dictionary of the notebook, as plain data. What else is in there is no part of what a check
        saw, so a mistake is recognised beside others. Raises NameMissing, or Feedback without such an entry."""
        message = {"op": "call", "target": [name, "get"], "args": [key], "kwargs": {}}
        try:
            found = self.ask(message, name)
        except StudentRaised as error:
            raise Feedback(f"{name} should be a dictionary.", f'give {name}["{key}"] a value') from error
        if found is None:
            raise Feedback(f'{name}["{key}"] is missing.', "give your choice as the task says")
        return found

    def tool(self, name: str) -> Handle:
        """A module that the notebook imports. Raises Feedback when the name stands for something else by now."""
        hint = "does a later line give this name to something else?"
        return handle_of(self.value(name), what=f"`{name}`, once the whole notebook has run,", hint=hint)

    def with_inputs(self, function: str | Handle, *args: Any, **kwargs: Any) -> tuple[Any, list[Any]]:
        """Call, and also bring back the positional arguments as they are after the call."""
        whole, name = _target(function)
        message = {"op": "call", "target": whole, "args": list(args), "kwargs": kwargs, "echo": True}
        reply = self.ask(message, name)
        if not isinstance(reply, tuple) or len(reply) != 2 or not isinstance(reply[1], list):
            raise ProtocolError("reply without inputs")
        if len(reply[1]) != len(args):
            raise ProtocolError("other inputs than were given")
        return reply[0], reply[1]

    def raised(self, name: str, *args: Any, **kwargs: Any) -> str:
        """What this call raises, "" when it returns: the name of Python's own class, which a class of the student's
        or of a library comes from."""
        try:
            getattr(self, name)(*args, **kwargs)
        except StudentRaised as error:
            return error.built_in
        return ""

    def vjp(self, function: str | Handle, inputs: list[Any], cotangents: list[Any]) -> tuple[Any, Any]:
        """(outputs, gradients): the pullback of `cotangents` (None skips an output) to the float tensors
        among `inputs`; a gradient is None where an input is not used."""
        whole, name = _target(function)
        message = {"op": "vjp", "target": whole, "inputs": inputs, "cotangents": cotangents}
        reply = self.ask(message, name)
        if not isinstance(reply, tuple) or len(reply) != 2 or not all(isinstance(part, list) for part in reply):
            raise ProtocolError("reply without gradients")
        leaves = sum(isinstance(a, torch.Tensor) and a.is_floating_point() for a in inputs)
        if len(reply[1]) != leaves or not all(g is None or isinstance(g, torch.Tensor) for g in reply[1]):
            raise ProtocolError("not one gradient per input")
        return reply

    def seed(self, seed: int) -> None:
        """Seed the generators of the student's process (torch, numpy and Python's own)."""
        self.ask({"op": "seed", "seed": seed}, "seed")

    def replace(self, names: list[str]) -> None:
        """Put calls to the reference in place of these functions (error carried forward). Raises ProtocolError: no
        answer of a student's has a part in it, so whoever refuses has taken the agent's place."""
        try:
            self.ask({"op": "replace", "names": names}, "replace")
        except (StudentRaised, NameMissing, NotData) as error:
            raise ProtocolError("it takes no reference in place of its own functions") from error

    def ask(self, message: dict[str, Any], what: str) -> Any:
        """Send one request. Raises StudentRaised, NameMissing, NotData, ProtocolError."""
        target = message.get("target")
        if isinstance(target, list) and isinstance(target[0], str):
            self._names[target[0]] = None
        reply = self._port.request(_sendable(message))
        if not isinstance(reply, dict) or len(reply) != 1:
            raise ProtocolError("not a reply")
        if "ok" in reply:
            return self._wrap(reply["ok"], f"{what}(...)" if message.get("op") == "call" else what)
        if "missing" in reply:
            raise NameMissing(what)  # as asked, not as answered: a student reads this
        if isinstance(reply.get("raised"), dict):
            seen = _report(reply["raised"])
            kind, text, where, built_in = (str(seen.get(k, "")) for k in ("type", "text", "where", "built_in"))
            raise StudentRaised(what, kind, text, where, built_in, seen, message)
        if "unsendable" in reply:
            raise NotData(what, str(reply["unsendable"])[:_REPORTED])
        raise ProtocolError("unknown reply")

    def _wrap(self, value: Any, origin: str) -> Any:
        if isinstance(value, Remote):
            return Handle(self, value, value.kind if value.kind != UNKNOWN_KIND else origin)
        if isinstance(value, (list, tuple)):
            return given(type(value)(self._wrap(v, origin) for v in value), origin)
        if isinstance(value, dict):
            return given({k: self._wrap(v, origin) for k, v in value.items()}, origin)
        return value


def names_asked(student: Student) -> list[str]:
    """Names of the notebook that a check has asked for so far, the last one first."""
    return list(reversed(student._names))


class Function:
    """A function of the notebook; calling it calls there."""

    def __init__(self, student: Student, path: list[Any]) -> None:
        self._student, self._path = student, path

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        message = {"op": "call", "target": self._path, "args": list(args), "kwargs": kwargs}
        return self._student.ask(message, str(self._path[-1]))


class Handle:
    """An object that stayed in the student's process: a module, a function, any instance. `label` is what messages
    call it: its class where that is a well-known one, else where it came from, as the check put it."""

    def __init__(self, student: Student, remote: Remote, label: str = "") -> None:
        self._student, self.remote, self.label = student, remote, label or remote.kind
        self.path: list[Any] = [remote]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        message = {"op": "call", "target": self.path, "args": list(args), "kwargs": kwargs}
        return self._student.ask(message, self.label)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._student.ask({"op": "get", "target": [*self.path, name]}, f"{self.label}.{name}")

    def method(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of the object."""
        message = {"op": "call", "target": [*self.path, name], "args": list(args), "kwargs": kwargs}
        return self._student.ask(message, f"{self.label}.{name}")

    def made(self, name: str, *args: Any, **kwargs: Any) -> Handle:
        """Call a method that gives back an object. Raises Feedback when what comes back is none."""
        own = name.startswith("__")  # a step of the check's, such as blocks[0]
        what = f"A part of `{named(self.label)}`" if own else f"What {part_of(self.label, name)} gives"
        return handle_of(self.method(name, *args, **kwargs), what=what)

    def part(self, name: str) -> Handle:
        """An attribute that is an object. Raises Feedback when it is none."""
        return handle_of(getattr(self, name), what=part_of(self.label, name))

    def turned(self, name: str, *args: Any) -> Handle:
        """This very object after a method that changes it (eval, double, ...), whatever that gives back."""
        self.method(name, *args)
        return self

    def parameters(self) -> dict[str, Any]:
        """Name -> tensor, for a torch module."""
        found = self._student.ask({"op": "parameters", "target": self.path}, self.label)
        if not isinstance(found, dict) or not all(isinstance(p, torch.Tensor) for p in found.values()):
            raise ProtocolError("parameters are not a dict of tensors")
        if sum(p.numel() for p in found.values()) > _MOST_PARAMETERS or len(found) > _MOST_TENSORS:
            raise Feedback(
                f"What `{named(self.label)}` gives is a far larger model than the task needs.",
                "its sizes come from the arguments",
            )
        weights = GivenWeights(found)
        weights.origin = self.label
        return weights

    def parameter_gradients(self, inputs: list[Any], cotangents: list[Any]) -> dict[str, Any]:
        """Name -> gradient of the outputs, weighted with `cotangents` (None skips one), for each parameter that is
        trained; None where no output depends on it. For a torch module."""
        message = {"op": "parameter_gradients", "target": self.path, "inputs": inputs, "cotangents": cotangents}
        found = self._student.ask(message, self.label)
        if not isinstance(found, dict) or not all(g is None or isinstance(g, torch.Tensor) for g in found.values()):
            raise ProtocolError("gradients are not a dict of tensors")
        weights = GivenWeights(found)
        weights.origin = self.label
        return weights

    def load(self, weights: dict[str, Any]) -> None:
        """Put in these parameters, all of them, and these buffers, if any; other buffers stay as they are."""
        self._student.ask({"op": "load", "target": self.path, "weights": weights}, self.label)


def handle_of(value: Any, *, what: str, hint: str = "") -> Handle:
    """`value`, an object that stayed in the student's process: a module, a function, any instance. Raises Feedback."""
    if not isinstance(value, Handle):
        name = kind_of(value)
        kind = "None" if value is None else f"{'an' if name == 'int' else 'a'} {name}"
        raise Feedback(f"{what} should be an object, but is {kind}.", hint)
    return value


def _report(raised: dict[Any, Any]) -> dict[str, Any]:
    """What is told of an exception, without what no such report holds: it may have been forged."""
    texts = {k: raised[k][:_REPORTED] for k in _TEXTS if isinstance(raised.get(k), str)}
    plain = {k: raised[k] for k in ("line", "last") if isinstance(raised.get(k), int)}
    return {**texts, **plain}


def _target(function: str | Handle) -> tuple[list[Any], str]:
    """Where a function is found, and what messages call it."""
    return (function.path, function.label) if isinstance(function, Handle) else ([function], function)


def _sendable(value: Any) -> Any:
    """Handles in a request become their numbers."""
    if isinstance(value, Handle):
        return value.remote
    if isinstance(value, (list, tuple)):
        return (list if isinstance(value, list) else tuple)(_sendable(v) for v in value)
    if isinstance(value, dict):
        return {k: _sendable(v) for k, v in value.items()}
    return value
