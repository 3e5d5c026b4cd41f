"""Containers of a reply, safe to be taken apart: what is not there fails the check in words, and breaks nothing."""

from __future__ import annotations

from typing import Any, NoReturn

from autograder.errors import Feedback
from autograder.judge.named import gives


class LacksKey(Feedback, KeyError):
    """A dictionary of a reply lacks what a check asks for; a check that expects this catches it as any KeyError."""


class LacksPart(Feedback, IndexError):
    """A list or tuple of a reply ends before what a check asks for."""


class GivenDict(dict[Any, Any]):
    """A dictionary that came from `origin`, as the check calls it."""

    origin = ""

    def __missing__(self, key: object) -> NoReturn:
        raise LacksKey(f"{gives(self.origin)} lacks an entry that it should have.", "are the keys those of the task?")


class GivenWeights(GivenDict):
    """The parameters of a module. Their names are those of the task, so the one that lacks is told."""

    def __missing__(self, key: object) -> NoReturn:
        raise LacksKey(
            f"{gives(self.origin)} has no parameter {key}.",
            "keep the names of layers and parameters as they are described, and their biases",
        )


class GivenList(list[Any]):
    """A list that came from `origin`."""

    origin = ""

    def __getitem__(self, index: Any) -> Any:
        try:
            return super().__getitem__(index)
        except IndexError:
            raise _fewer(self.origin) from None


class GivenTuple(tuple[Any, ...]):
    """A tuple that came from `origin`."""

    origin = ""

    def __getitem__(self, index: Any) -> Any:
        try:
            return super().__getitem__(index)
        except IndexError:
            raise _fewer(self.origin) from None


_KINDS: dict[type, Any] = {list: GivenList, tuple: GivenTuple, dict: GivenDict}


def kind_of(value: Any) -> str:
    """The name of a value's class, as a student knows it. The wire lets through a closed list of them."""
    return next((kind.__name__ for kind in _KINDS if isinstance(value, kind)), type(value).__name__)


def _fewer(origin: str) -> LacksPart:
    return LacksPart(f"{gives(origin)} has fewer parts than it should.")


def given(value: Any, origin: str) -> Any:
    """A list, tuple or dictionary of a reply as one of these; its parts stay what they are."""
    safe = _KINDS[type(value)](value)
    safe.origin = origin
    return safe
