"""From next-token logits to text: one loop for every model that runs in this process."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from seq2kit.llm.model import Completion, Finish, Prompt, Settings, TooLong, messages_of, texts

_UNFINISHED = "\ufffd"  # what bytes that are no whole character yet decode to
_BEFORE = 8  # tokens of the prompt that are decoded with the new ones: some tokenizers drop a space at the start


@dataclass(frozen=True)
class Piece:
    """A part of what is written: text that will not change any more; at the end `whole` is everything."""

    text: str
    whole: Completion | None = None


class Writer(ABC):
    """A LanguageModel that writes by drawing one token after the other, as each of this process does.

    Safe to use from several threads; one generation runs at a time."""

    def __init__(self, name: str, ends: frozenset[int], context: int) -> None:
        """ends: the tokens that end a text; context: how many tokens it can read, prompt and new ones together."""
        self._name, self._ends, self.context = name, ends, context
        self._lock = threading.RLock()

    @property
    def name(self) -> str:
        """What it is called."""
        return self._name

    @abstractmethod
    def encode(self, text: str) -> list[int]:
        """The numbers of a text's tokens."""

    @abstractmethod
    def decode(self, ids: Sequence[int]) -> str:
        """The text of tokens."""

    @abstractmethod
    def _begun(self, ids: Sequence[int]) -> tuple[Tensor, Callable[[int], Tensor]]:
        """Logits (vocabulary,) after these tokens, and a function that gives those after one token more."""

    def prompt_ids(self, prompt: Prompt) -> list[int]:
        """The tokens that are read for a prompt. Messages become a dialogue to go on from, unless a model was taught to
        chat in another way."""
        messages = messages_of(prompt)
        if messages is None:
            return self.encode(str(prompt))
        lines = [f"{message['role'].capitalize()}: {message['content']}\n" for message in messages]
        return self.encode("".join([*lines, "Assistant:"]))

    def generate(
        self, prompt: Prompt, *, max_new_tokens: int = 64, temperature: float = 0.0, top_p: float = 1.0,
        top_k: int | None = None, seed: int = 0, stop: Sequence[str] = (),
    ) -> Completion:  # fmt: skip
        """Go on from a text, or answer messages; see LanguageModel."""
        return finished(self.stream(prompt, Settings(max_new_tokens, temperature, top_p, top_k, seed, texts(stop))))

    def stream(self, prompt: Prompt, settings: Settings) -> Iterator[Piece]:
        """What `generate` writes, part by part. Raises TooLong before the first one."""
        ids = self.prompt_ids(prompt)
        if len(ids) + settings.max_new_tokens > self.context:
            raise TooLong(
                f"{self.name} reads {self.context} tokens; the prompt has {len(ids)}, and "
                f"{settings.max_new_tokens} more are asked for."
            )
        return self._stream(ids, settings)

    def _stream(self, ids: list[int], settings: Settings) -> Iterator[Piece]:
        with self._lock, torch.no_grad():
            start, step = self._begun(ids)
            yield from written(start, step, self.decode, ids, self._ends, settings, self.name)


def pick(logits: Tensor, settings: Settings, generator: torch.Generator) -> int:
    """The next token, drawn from logits (vocabulary,). Greedy at temperature 0, where of equals the first is taken.

    In float64, by one number of the generator per token: machines that agree on the logits agree on the draw."""
    if settings.temperature == 0:
        return int(logits.argmax())
    scaled = logits.detach().to("cpu", torch.float64) / settings.temperature
    ordered, tokens = scaled.sort(descending=True, stable=True)
    shares = ordered.softmax(0)
    if settings.top_k is not None:
        shares = shares[: settings.top_k]
    if settings.top_p < 1:
        before = shares.cumsum(0) / shares.sum() - shares / shares.sum()
        shares = shares[before < settings.top_p]  # the token that passes the share is the last one; one is left always
    sums = shares.cumsum(0)
    chance = torch.rand((), generator=generator, dtype=torch.float64) * sums[-1]
    return int(tokens[min(int(torch.searchsorted(sums, chance, right=True)), len(shares) - 1)])


def written(
    start: Tensor, step: Callable[[int], Tensor], decode: Callable[[Sequence[int]], str], prompt: Sequence[int],
    ends: frozenset[int], settings: Settings, model: str,
) -> Iterator[Piece]:  # fmt: skip
    """Write token by token, and tell each part of the text as soon as it is settled.

    start: logits (vocabulary,) after the prompt; step(token): those after one token more; ends: tokens that end it.
    The last piece, and no other, has `whole`."""
    generator = torch.Generator().manual_seed(settings.seed)
    before = list(prompt[-_BEFORE:])
    base = decode(before)
    logits, tokens, told = start, list[int](), 0
    finish: Finish = "length"
    text = ""
    while len(tokens) < settings.max_new_tokens:
        token = pick(logits, settings, generator)
        if token in ends:
            finish = "stop"
            break
        tokens.append(token)
        text = decode(before + tokens)[len(base) :]
        cut = min((place for stop in settings.stop if (place := text.find(stop)) >= 0), default=-1)
        if cut >= 0:
            text, finish = text[:cut], "stop"
            break
        settled = len(text) - _open(text, settings.stop)
        if settled > told:
            yield Piece(text[told:settled])
            told = settled
        if len(tokens) < settings.max_new_tokens:
            logits = step(token)
    yield Piece(text[told:], Completion(text, tokens, len(prompt), finish, model))


def _open(text: str, stops: Sequence[str]) -> int:
    """How many characters at the end may still change or be cut off: an unfinished character, the start of a stop."""
    unfinished = len(text) - len(text.rstrip(_UNFINISHED))
    longest = max(
        (size for stop in stops for size in range(1, len(stop)) if text.endswith(stop[:size])),
        default=0,
    )
    return max(unfinished, longest)


def finished(pieces: Iterator[Piece]) -> Completion:
    """Everything that a model wrote, once it has."""
    for piece in pieces:
        if piece.whole is not None:
            return piece.whole
    raise AssertionError("a model that ends without saying so")  # `written` says so always
