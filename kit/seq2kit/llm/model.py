"""What a language model is here: a prompt goes in, a Completion comes out, whatever does the work behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

Prompt = str | Sequence[Mapping[str, str]]
"""Plain text to go on from, or messages {"role": ..., "content": ...}, which a model puts into its chat template."""
Finish = Literal["stop", "length"]
ROLES = ("system", "user", "assistant")


class ModelError(RuntimeError):
    """A language model cannot be had, or cannot answer; the message says why, and what to do."""


class NotInstalled(ModelError):
    """A package is missing; the message says what to install."""


class TooLong(ModelError, ValueError):
    """The prompt, or what was asked of it, is longer than the model can read."""


@dataclass(frozen=True)
class Completion:
    """What a model wrote. text: the new text, without the stop text that ended it. tokens: the numbers of the new
    tokens, without the end token, or how many there are where the back end tells no more. prompt_tokens: how many the
    prompt has (-1 where the back end does not tell). finish: "stop" where the model or a stop text ended it,
    "length" where `max_new_tokens` did."""

    text: str
    tokens: list[int] | int
    prompt_tokens: int
    finish: Finish
    model: str

    @property
    def count(self) -> int:
        """How many new tokens there are."""
        return self.tokens if isinstance(self.tokens, int) else len(self.tokens)


def texts(stop: str | Sequence[str]) -> tuple[str, ...]:
    """The texts that end a completion; one alone may be given as it is."""
    return (stop,) if isinstance(stop, str) else tuple(stop)


@dataclass(frozen=True)
class Settings:
    """How to go on from a prompt. temperature: 0 takes the likeliest token each time. top_p: draw from the likeliest
    tokens that together have this share. top_k: draw from so many. stop: texts that end it. Raises ValueError for
    values that mean nothing."""

    max_new_tokens: int = 64
    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int | None = None
    seed: int = 0
    stop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _hold(
            _whole(self.max_new_tokens) and self.max_new_tokens >= 1, "max_new_tokens", "a whole number from 1 on", self
        )
        _hold(_real(self.temperature) and 0 <= self.temperature < 1e6, "temperature", "a number from 0 on", self)
        _hold(_real(self.top_p) and 0 < self.top_p <= 1, "top_p", "a number above 0, up to 1", self)
        _hold(self.top_k is None or (_whole(self.top_k) and self.top_k >= 1), "top_k", "None or 1 and more", self)
        _hold(_whole(self.seed) and -(2**63) <= self.seed < 2**63, "seed", "a whole number of 64 bits", self)
        _hold(all(isinstance(text, str) and text for text in self.stop), "stop", "texts that are not empty", self)

    def told(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {**asdict(self), "stop": list(self.stop)}


class LanguageModel(Protocol):
    """A model that writes. Same prompt, settings and seed give the same text, whatever was asked before."""

    @property
    def name(self) -> str:
        """What it is called, in tables and by a server."""

    def generate(
        self, prompt: Prompt, *, max_new_tokens: int = 64, temperature: float = 0.0, top_p: float = 1.0,
        top_k: int | None = None, seed: int = 0, stop: Sequence[str] = (),
    ) -> Completion:  # fmt: skip
        """Go on from a text, or answer messages. Raises ValueError for settings that mean nothing, TooLong for a
        prompt that the model cannot read, and ModelError where it cannot be reached."""


def messages_of(prompt: Prompt) -> list[dict[str, str]] | None:
    """The messages of a prompt, checked; None for plain text. Raises ValueError for anything that is neither."""
    if isinstance(prompt, str):
        return None
    if not isinstance(prompt, Sequence) or not prompt:
        raise ValueError("a prompt is a text, or a list of messages with one at least")
    messages: list[Any] = list(prompt)
    for message in messages:
        if not isinstance(message, Mapping) or message.get("role") not in ROLES:
            raise ValueError(f"a message has a role, one of {', '.join(ROLES)}, got {message!r:.80}")
        if not isinstance(message.get("content"), str):
            raise ValueError(f"a message has a content, which is a text, got {message!r:.80}")
    return [{"role": message["role"], "content": message["content"]} for message in messages]


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _real(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _hold(holds: bool, name: str, wanted: str, settings: Settings) -> None:
    if not holds:
        raise ValueError(f"{name} should be {wanted}, got {getattr(settings, name)!r}")
