"""Models to compare with: an n-gram of some text, and a model of your own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from seq2kit.language.ngram import fitted
from seq2kit.llm.decoding import Writer

_PIECE = re.compile(r"\s*\w+|\s*[^\w\s]|\s+$")  # a word or a mark, with the space before it, so that none is lost
_NO_LIMIT = 1 << 20


class NGramModel(Writer):
    """What came next in a text, after the last n - 1 words (or the longest end of them that occurred)."""

    def __init__(self, text: str, n: int = 3, name: str = "") -> None:
        """Raises ValueError for n < 1 and for a text without a word."""
        super().__init__(name or f"{n}-gram", frozenset(), _NO_LIMIT)
        pieces = _PIECE.findall(text)
        if not text.strip():
            raise ValueError("an n-gram model needs a text with one word at least")
        self._words = sorted(set(pieces))
        self._numbers = {word: number for number, word in enumerate(self._words)}
        self._counts = fitted([self._numbers[piece] for piece in pieces], n)
        self.vocabulary = len(self._words)

    def encode(self, text: str) -> list[int]:
        """The numbers of the words; one that the text did not have gets a number that nothing follows."""
        return [self._numbers.get(piece, self.vocabulary) for piece in _PIECE.findall(text)]

    def decode(self, ids: Sequence[int]) -> str:
        """The words, put together as they stood in the text."""
        return "".join(self._words[token] if token < self.vocabulary else "\N{WHITE SQUARE}" for token in ids)

    def logits(self, ids: Sequence[int]) -> Tensor:
        """Logits (vocabulary,), float64: the logarithm of how often each word came next."""
        counts = torch.zeros(self.vocabulary, dtype=torch.float64)
        for token, count in self._counts.after(list(ids)).items():
            counts[token] = count
        return counts.log()

    def _begun(self, ids: Sequence[int]) -> tuple[Tensor, Callable[[int], Tensor]]:
        seen = list(ids)

        def step(token: int) -> Tensor:
            seen.append(token)
            return self.logits(seen)

        return self.logits(seen), step


class OwnModel(Writer):
    """Any function of token numbers that gives logits, with the two functions of its tokenizer: your own GPT, say."""

    def __init__(
        self, name: str, logits: Callable[[Tensor], Tensor], encode: Callable[[str], Sequence[int]],
        decode: Callable[[Sequence[int]], str], *, eos: int | None = None, window: int = _NO_LIMIT,
    ) -> None:  # fmt: skip
        """logits: ids (1, n) -> (1, n, V), of which the last row counts; (n, V) and (V,) do as well. It gets the last
        `window` tokens. eos: the token that ends a text, if there is one."""
        super().__init__(name, frozenset() if eos is None else frozenset([eos]), _NO_LIMIT)
        self._of, self._encode, self._decode, self._window = logits, encode, decode, window

    def encode(self, text: str) -> list[int]:
        """As the tokenizer does."""
        return [int(token) for token in self._encode(text)]

    def decode(self, ids: Sequence[int]) -> str:
        """As the tokenizer does."""
        return self._decode(list(ids))

    def logits(self, ids: Sequence[int]) -> Tensor:
        """Logits (V,) of the token after ids. Raises ValueError for a prompt without a token."""
        if not ids:
            raise ValueError(f"{self.name} needs one token at least to go on from")
        given = self._of(torch.tensor([list(ids)[-self._window :]]))
        return given.reshape(-1, given.shape[-1])[-1].detach()

    def _begun(self, ids: Sequence[int]) -> tuple[Tensor, Callable[[int], Tensor]]:
        seen = list(ids)

        def step(token: int) -> Tensor:
            seen.append(token)
            return self.logits(seen)

        return self.logits(seen), step
