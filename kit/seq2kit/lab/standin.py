"""Stand-ins for models whose answers are known beforehand, and which keep a log of what they were asked.

With them the code *around* a model can be tried: a loop that generates, a debate, a measure that asks about entailment.
No experiment is made on them; for that there are the real models of `seq2kit.llm`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from seq2kit.llm.model import Completion

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class LetterModel:
    """Writes letters: token k is the k-th letter of the alphabet, and the token after the last letter ends a text.

    after: (V, V), row l: logits of the next token if l was the last one. first: (V, V), row f: what is added to
    them if the text begins with f (zeros if left out). V - 1 letters are known. `asked` holds the tokens of each
    call of `logits`, `recorded` whether autograd was recording then.
    """

    def __init__(self, after: Any, first: Any = None) -> None:
        self.after = torch.as_tensor(after, dtype=torch.float64).clone().requires_grad_(True)
        extra = torch.zeros_like(self.after) if first is None else torch.as_tensor(first, dtype=torch.float64)
        self.first = extra.detach().clone()
        self.vocabulary = len(self.after)
        self.eos = self.vocabulary - 1
        self.asked: list[list[int]] = []
        self.recorded: list[bool] = []

    def encode(self, text: str) -> list[int]:
        """The tokens of a text. Raises ValueError for a letter that is not known."""
        return [LETTERS[: self.eos].index(letter) for letter in text]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of tokens; the one that ends a text is written as "." so that nobody overlooks it."""
        return "".join("." if int(k) == self.eos else LETTERS[int(k)] for k in ids)

    def logits(self, ids: Tensor | Sequence[int]) -> Tensor:
        """(V,) logits of the token that follows `ids`, (n,) or (1, n) with n >= 1, as of a model of `seq2kit.llm`.
        Raises ValueError for another form."""
        given = torch.as_tensor(ids)
        if given.dim() == 2 and len(given) == 1:
            given = given[0]
        if given.dim() != 1 or not len(given) or given.is_floating_point():
            raise ValueError("logits takes the tokens of one text, whole numbers of shape (n,) or (1, n), n >= 1")
        self.asked.append(given.tolist())
        self.recorded.append(torch.is_grad_enabled())
        return self.after[given[-1]] + self.first[given[0]]


class Recited:
    """A LanguageModel that knows its texts by heart: `texts` by prompt, `otherwise` for all others. `log` holds
    (prompt, settings) of each call; what it writes is the whole text, whatever the settings."""

    def __init__(self, name: str, texts: Mapping[str, str], otherwise: str = "") -> None:
        self.name, self.texts, self.otherwise = name, dict(texts), otherwise
        self.log: list[tuple[Any, dict[str, Any]]] = []

    def generate(self, prompt: Any, **settings: Any) -> Completion:
        """The text that belongs to a prompt."""
        self.log.append((prompt, dict(settings)))
        text = self.texts.get(prompt, self.otherwise) if isinstance(prompt, str) else self.otherwise
        return Completion(text, len(text.split()), -1, "stop", self.name)


class Script:
    """Answers prompts from lists that were written beforehand: those that speak against something from `cons`, all
    others from `pros`, one reply after the other, the last one again and again. `log` holds (prompt, T, seed) of
    each call."""

    def __init__(self, pros: Sequence[str], cons: Sequence[str]) -> None:
        self.replies = {"pro": list(pros), "con": list(cons)}
        self.log: list[tuple[str, float, int]] = []
        self._next = {"pro": 0, "con": 0}

    def __call__(self, prompt: str, *, T: float = 1.0, seed: int = 0) -> str:
        """The next reply of the side that the prompt asks for."""
        self.log.append((str(prompt), float(T), int(seed)))
        side = "con" if "against" in str(prompt).lower() else "pro"
        told, place = self.replies[side], self._next[side]
        self._next[side] += 1
        return told[min(place, len(told) - 1)]


class Opinions:
    """Says of pairs of texts what it was told to. rows: (premise, hypothesis, entailed, neutral, contradicted), three
    probabilities; a pair that is not among them is neutral. `log` holds the pairs that were asked for."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self.rows = {(str(p), str(h)): (float(e), float(n), float(c)) for p, h, e, n, c in rows}
        self.log: list[tuple[str, str]] = []

    def __call__(self, premise: str, hypothesis: str) -> tuple[float, float, float]:
        """(entailed, neutral, contradicted) for what follows from `premise`."""
        self.log.append((str(premise), str(hypothesis)))
        return self.rows.get((premise, hypothesis), (0.0, 1.0, 0.0))


class Debater:
    """Debates that were held beforehand. rows: (topic, T, seed, pros, cons). `log` holds (topic, T, seed) of each
    call; what is not among the rows is an empty debate."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self.rows = {(str(t), float(T), int(seed)): {"pro": list(p), "con": list(c)} for t, T, seed, p, c in rows}
        self.log: list[tuple[str, float, int]] = []

    def __call__(self, topic: str, T: float, seed: int) -> dict[str, list[str]]:
        """The debate on a topic at a temperature with a seed."""
        asked = str(topic), float(T), int(seed)
        self.log.append(asked)
        return self.rows.get(asked, {"pro": [], "con": []})
