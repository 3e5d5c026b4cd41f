"""Running text as token numbers: from the toy English, or from any text, cut into windows.

A window is L + 1 tokens of running text. Which of them go into a model and which it should predict is up to whoever
trains: nothing here shifts anything.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from seq2kit.language.automaton import Automaton

Level = Literal["char", "word"]
UNKNOWN = "<unknown>"
_WORDS = re.compile(r"\w+(?:['\u2019]\w+)*|[^\w\s]")


@dataclass(frozen=True, eq=False)
class Corpus:
    """A text in numbers. tokens: the V different tokens; train, validation: (N,) and (M,) int64, running text that
    does not overlap; glue: what stands between two tokens in print."""

    tokens: tuple[str, ...]
    train: Tensor
    validation: Tensor
    glue: str = " "

    @property
    def size(self) -> int:
        """V, the number of different tokens."""
        return len(self.tokens)

    def decode(self, numbers: Any) -> str:
        """Token numbers (n,) as text."""
        return self.glue.join(self.tokens[int(number)] for number in numbers)

    def encode(self, text: str) -> Tensor:
        """Text as token numbers (n,) int64. What the corpus does not know becomes the unknown token.

        Raises ValueError when there is no such token, as in the toy English."""
        known = {token: number for number, token in enumerate(self.tokens)}
        parts = list(text) if not self.glue else text.split() if UNKNOWN not in known else _WORDS.findall(text.lower())
        strangers = [part for part in parts if part not in known]
        if strangers and UNKNOWN not in known:
            raise ValueError(f"{strangers[0]!r} is not one of the {self.size} tokens of this corpus")
        return torch.tensor([known[part] if part in known else known[UNKNOWN] for part in parts], dtype=torch.int64)


def from_automaton(automaton: Automaton, *, train: int = 300_000, validation: int = 16_640, seed: int = 1) -> Corpus:
    """Two independent texts of the automaton with so many tokens. The same seed gives the same corpus."""
    if train < 2 or validation < 2:
        raise ValueError(f"expected two tokens or more in each part, got {train} and {validation}")
    texts = (_text(automaton, train, 2 * seed), _text(automaton, validation, 2 * seed + 1))
    return Corpus(automaton.tokens, texts[0].clone(), texts[1].clone())


@lru_cache(maxsize=8)
def _text(automaton: Automaton, count: int, seed: int) -> Tensor:
    return torch.from_numpy(automaton.sample(count, seed))


def from_text(source: str | Path, *, level: Level = "char", validation: float = 0.1, most: int | None = None) -> Corpus:
    """Any text as a corpus: the last `validation` share of it is kept for validation.

    source: a Path is read (UTF-8), a str *is* the text. level: every character is a token, or every lower-case
    word and punctuation mark. most: keep only so many of the most frequent tokens. Token 0 stands for whatever the
    training part does not contain. Raises ValueError for a share outside (0, 1), an unknown level, or a text with
    fewer than 20 tokens, or a file name given as str.
    """
    if not 0 < validation < 1:
        raise ValueError(f"validation is the share of the text to keep, between 0 and 1, got {validation}")
    if level not in ("char", "word"):
        raise ValueError(f'level should be "char" or "word", got {level!r}')
    if isinstance(source, str) and _names_a_file(source):
        raise ValueError(
            f"{source!r} is the name of a file, and a str is read as the text itself: pass Path({source!r})"
        )
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    parts = list(text) if level == "char" else _WORDS.findall(text.lower())
    if len(parts) < 20:
        raise ValueError(f"a text of {len(parts)} tokens is too short; to read a file, pass Path({text[:30]!r})")
    cut = min(len(parts) - 2, max(2, round(len(parts) * (1 - validation))))
    counts = Counter(parts[:cut])
    kept = sorted(token for token, _ in counts.most_common(most))
    tokens = (UNKNOWN, *kept)
    known = {token: number for number, token in enumerate(tokens)}
    numbers = torch.tensor([known.get(part, 0) for part in parts], dtype=torch.int64)
    return Corpus(tokens, numbers[:cut].clone(), numbers[cut:].clone(), "" if level == "char" else " ")


def _names_a_file(text: str) -> bool:
    try:
        return "\n" not in text and Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or no name at all
        return False


def small_text() -> str:
    """About 3,000 characters of plain prose that belong to this package: to try out `from_text` with."""
    return resources.files("seq2kit").joinpath("data").joinpath("small_text.txt").read_text(encoding="utf-8")


def windows(ids: Tensor, length: int) -> Tensor:
    """(N,) running text -> (w, length + 1): all windows side by side, each beginning with the last token of the one
    before, so that every token but the first of the text can be predicted exactly once. A rest at the end is left out.

    Raises ValueError when the text is shorter than one window."""
    count = _count(ids, length)
    starts = torch.arange(0, count, length)
    return ids[starts[:, None] + torch.arange(length + 1)]


def random_windows(ids: Tensor, length: int, count: int, generator: torch.Generator | None = None) -> Tensor:
    """(N,) running text -> (count, length + 1): windows that begin anywhere, all places equally likely.

    Raises ValueError when the text is shorter than one window."""
    starts = torch.randint(_count(ids, length), (count,), generator=generator)
    return ids[starts[:, None] + torch.arange(length + 1)]


def _count(ids: Tensor, length: int) -> int:
    """How many windows there are, overlapping ones counted."""
    if length < 1:
        raise ValueError(f"a window predicts at least one token, got length {length}")
    count = len(ids) - length
    if count < 1:
        raise ValueError(f"a text of {len(ids)} tokens holds no window of {length} + 1")
    return count
