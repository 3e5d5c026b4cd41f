"""What the lab puts to its models, and what it keeps of their answers."""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seq2kit import llm
from seq2kit.lab.questions import divisions
from seq2kit.llm.cache import Entry, read
from seq2kit.llm.model import Settings
from seq2kit.llm.small_tasks import GOOD
from seq2kit.llm.small_tasks import TOPICS as TOPICS

OPPOSITES = dict(
    zip(GOOD, ("harmful", "slow", "useless", "wild", "dull", "weak", "costly", "risky", "dark", "loud"), strict=True)
)
"""Pairs of adjectives that cannot both be true of one thing: what is said for something, and what against it."""
ASKED: dict[str, Any] = {"max_new_tokens": 4, "temperature": 0.7, "stop": ("\n",)}
"""How the table asks."""
SEED, SUMS, DIVISIONS, REVERSALS, HELLOS = 2026, 50, 10, 6, 4  # what SmolLM2 was asked for the file of the course
DIVIDE = "What is {a} divided by {b}? Answer with a number only."
REVERSE = (
    "Write a Python function reverse(head) that reverses a linked list. Each node has the attributes value and next. "
    "Answer with code only."
)
HELLO = "Write a Hello World program in Python. Answer with code only."
_CLAIM = re.compile(r"\s*(\w+) are (\w+)[.!]?\s*\Z", re.IGNORECASE)
_FENCE = re.compile(r"```[ \t]*(?:python|py)?[ \t]*\n(.*?)(?:```|\Z)", re.DOTALL | re.IGNORECASE)
_ATE = 4000  # sums that the n-gram has read
_BY_NAME = ("small", "smollm2")
_KEPT = 20_000  # texts of some lines each
_WRITTEN: dict[tuple[Any, ...], str] = {}


def user(text: str) -> list[dict[str, str]]:
    """A prompt of one message."""
    return [{"role": "user", "content": text}]


def speaker(model: Any, *, max_new_tokens: int = 48) -> Callable[..., str]:
    """A function generate(prompt, *, T, seed) that puts a prompt to a model as a user's message and gives back the
    text. model: a LanguageModel, or what `llm.load` opens. Of a model that the kit opens by its name, the text for a
    prompt, T and seed is written once."""
    opened: Any = llm.load(model) if isinstance(model, str) else model

    def generate(prompt: str, *, T: float = 1.0, seed: int = 0) -> str:
        def written() -> str:
            return str(opened.generate(user(prompt), max_new_tokens=max_new_tokens, temperature=T, seed=seed).text)

        plain = isinstance(prompt, str) and isinstance(T, (int, float)) and isinstance(seed, int)
        if not (isinstance(model, str) and model in _BY_NAME and plain):
            return written()
        changed = sum(weight._version for weight in opened.model.parameters())  # who trains it hears what it says now
        key = (model, changed, prompt, max_new_tokens, T, seed)
        if key not in _WRITTEN:
            if len(_WRITTEN) >= _KEPT:
                _WRITTEN.clear()
            _WRITTEN[key] = written()
        return _WRITTEN[key]

    return generate


def debater(debate: Callable[..., Any], generate: Callable[..., str]) -> Callable[[str, float, int], Any]:
    """A function of (topic, T, seed) that holds a `debate` with the model behind `generate`, as of `speaker`."""

    def hold(topic: str, T: float, seed: int) -> Any:
        return debate(generate, topic, T, seed)

    return hold


def ngram() -> Any:
    """The baseline: which number came next in some thousand sums, by the two pieces before it."""
    draw = random.Random(5)
    numbers = [(draw.randrange(50), draw.randrange(50)) for _ in range(_ATE)]
    return llm.NGramModel("".join(f"{a} + {b} = {a + b}\n" for a, b in numbers), 3, name="n-gram")


def models(kept: Path | str, given: Path | str = "replies.jsonl") -> list[Any]:
    """The kit's small model, an n-gram, and SmolLM2 where it is installed. What SmolLM2 answers is kept in the file
    `kept` and not asked for twice; what the course has asked it before is read from the file `given`."""
    found = [llm.load("small"), ngram()]
    if llm.installed("smollm2") or any(entry.completion.model == "smollm2" for entry in read(kept)[0]):
        found.append(_Kept(kept, given))
    return found


class _Kept:
    """SmolLM2 from files, and alive where that is not enough."""

    name = "smollm2"

    def __init__(self, kept: Path | str, given: Path | str) -> None:
        self._given = {entry.key: entry.completion for entry in read(given)[0]}
        self._cached = llm.Cached("smollm2", kept)

    def generate(self, prompt: Any, **settings: Any) -> Any:
        """From the course's file, one's own file, or the model; an empty text where nothing of this has it."""
        asked = Entry(prompt, Settings(**settings), llm.Completion("", 0, -1, "length", self.name))
        if asked.key in self._given:
            return self._given[asked.key]
        try:
            return self._cached.generate(prompt, **settings)
        except llm.NotInstalled as error:
            warnings.warn(f"An answer of SmolLM2 is missing and counts as empty. {error}", stacklevel=2)
            return asked.completion


@dataclass(frozen=True)
class Replies:
    """What SmolLM2 answered to questions of the source: by (a, b), and one text after the other."""

    divisions: dict[tuple[int, int], str]
    reversals: list[str]
    hellos: list[str]


def kept_replies(path: Path | str) -> Replies:
    """The answers in a file of `seq2kit.lab.make_replies`."""
    found: dict[str, list[str]] = {}
    for entry in read(path)[0]:
        if not isinstance(entry.prompt, str):
            found.setdefault(entry.prompt[-1]["content"], []).append(entry.completion.text)
    asked = {pair: DIVIDE.format(a=pair[0], b=pair[1]) for pair in divisions(SEED, DIVISIONS)}
    told = {pair: found[question][0] for pair, question in asked.items() if question in found}
    return Replies(told, found.get(REVERSE, []), found.get(HELLO, []))


def code_in(reply: str) -> str:
    """The code of a reply: what stands in its first fence ```, else all of it."""
    found = _FENCE.search(reply)
    return found[1] if found else reply


def opposed(premise: str, hypothesis: str) -> tuple[float, float, float]:
    """(entailed, neutral, contradicted) for sentences such as "Dogs are kind.", which can be decided: the same said
    of the same is entailed, the opposite contradicts, everything else is neutral."""
    one, other = _CLAIM.match(premise), _CLAIM.match(hypothesis)
    if one is None or other is None or one[1].lower() != other[1].lower():
        return 0.0, 1.0, 0.0
    first, second = one[2].lower(), other[2].lower()
    if first == second:
        return 1.0, 0.0, 0.0
    return (0.0, 0.0, 1.0) if OPPOSITES.get(first) == second or OPPOSITES.get(second) == first else (0.0, 1.0, 0.0)
