"""Cases for greedy decoding and measuring, with the notebook's toy: drawn until wrong ways would show.

Each is found by trial and remembered, for it is asked for again for each declared mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import torch
from torch import Tensor

from autograder.judge import Draw

from . import evaluation
from . import reference as ref

SOS, EOS, EOP, V = 27, 28, 29, 30
SIGNS = "abcdefghijklmnopqrstuvwxyz-"
POOL = 40  # sources that are tried with one table
Signs = tuple[int, int]  # where reading starts, where writing ends


class Script(NamedTuple):
    """A table for the toy, sources, and what greedy decoding writes: rows up to and with EOS, if it comes."""

    table: Tensor
    source: Tensor
    rows: list[list[int]]


def script(
    draw: Draw, b: int, S: int, limit: int, with_prefix: bool = False, ends: bool = True, signs: Signs = (SOS, EOS)
) -> Script:
    """Drawn until words end at different times (or, without `ends`, none within the limit), with no near ties."""
    return _script(draw.seed, b, S, limit, with_prefix, ends, signs)


@lru_cache(maxsize=64)
def _script(seed: int, b: int, S: int, limit: int, with_prefix: bool, ends: bool, signs: Signs) -> Script:
    draw = Draw(seed, f"script {b} {S} {limit} {with_prefix} {ends} {signs}")
    start, end = signs
    for _ in range(2000):
        table = draw.tensor(V, V, scale=1.5)
        table[start] *= 4.0  # it stands far away, and should be heard
        table[:, [start, EOP]] -= 20.0
        table[:, end] += 1.6 if ends else -20.0
        letters = (draw.array(POOL, S - 1) * 1000).astype(int) % 26
        pool = torch.cat([torch.from_numpy(letters), torch.full((POOL, 1), EOP)], dim=1)
        model = ref.toy_with(table)
        written = ref.greedy(model, pool, start, end, limit, with_prefix)[0]
        fit = [k for k, row in enumerate(written) if (1 < len(row) < limit if ends else len(row) == limit)]
        source = pool[staggered(fit, written, b) if ends else fit[:b]]
        if len(source) == b and _tells(model, source, limit, with_prefix, ends, signs):
            return Script(table, source, ref.greedy(model, source, start, end, limit, with_prefix)[0])
    raise RuntimeError("no script was drawn")


def _tells(model: ref.Model, source: Tensor, limit: int, with_prefix: bool, ends: bool, signs: Signs) -> bool:
    """No near ties, and other ways write something else: other masks, another start, whoever forgets what has ended."""
    start, end = signs
    rows, lead = ref.greedy(model, source, start, end, limit, with_prefix)
    others = [ref.greedy(model, source, start, end, limit, rule)[0] for rule in not_this(with_prefix)]
    others.append(ref.greedy(model, source, end, end, limit, with_prefix)[0])
    whole = ref.greedy(model, source, start, end, limit, with_prefix, whole=True)[0]
    silent = any(end not in row[-3:] for row in whole)  # one has to remember which words have said EOS
    startless = model(source, ref.mask(source.shape[1], 0, with_prefix))[:, -1].argmax(dim=-1).tolist()
    telling = all(rows != other for other in others) and startless != [row[0] for row in rows]
    return lead > 1e-4 and telling and (not ends or (silent and sum(map(len, rows)) > 3 * len(rows)))


def staggered(fit: Sequence[int], rows: Sequence[Sequence[int]], b: int) -> list[int]:
    """b of these words, of three lengths at least, the longest neither first nor last; [] where there are none."""
    by_length: dict[int, list[int]] = {}
    for k in fit:
        by_length.setdefault(len(rows[k]), []).append(k)
    if len(fit) < b or len(by_length) < 3:
        return []
    order = [group[0] for _, group in sorted(by_length.items())][-b:]
    order += [k for k in fit if k not in order][: b - len(order)]
    order.sort(key=lambda k: len(rows[k]))
    if len(rows[order[-2]]) == len(rows[order[-1]]) or len({len(rows[k]) for k in order}) < 3:
        return []
    return [order[1], *order[2:], order[0]]


def not_this(with_prefix: bool) -> list[Any]:
    """Other masks, which should write something else: with everything open; with a prefix also if it ends one off."""
    moved = (-1, 1, 99) if with_prefix else (99,)
    return [not with_prefix, *(lambda known, more, by=by: ref.prefix_moved(known, more, by) for by in moved)]


class Exam(NamedTuple):
    """Words with translations, some of which the toy writes, and the two numbers that are to be measured."""

    table: Tensor
    pairs: list[tuple[str, str]]
    loss: float
    exact: float


def exam(draw: Draw, with_prefix: bool) -> Exam:
    """Words of several lengths, not sorted; the translation is what the toy writes, or nearly so (see `spoilt`)."""
    return _exam(draw.seed, with_prefix)


@lru_cache(maxsize=64)
def _exam(seed: int, with_prefix: bool) -> Exam:
    draw = Draw(seed, f"exam {with_prefix}")
    v = evaluation.VOCABULARY
    for _ in range(4000):
        table = draw.tensor(V, V, scale=1.5)
        table[:, [SOS, EOP]] -= 20.0
        table[:, EOS] += 1.6
        model = ref.toy_with(table)
        lengths = [(5, 3, 7, 3, 4, 3, 7, 4, 5, 3, 7, 3)[int(k)] for k in draw.permutation(12)]
        words = ["".join(SIGNS[draw.integer(0, 25)] for _ in range(n)) for n in lengths]
        said, lead = _said(model, words, with_prefix)
        pairs = with_truths(draw, words, said)
        truths, texts = [truth for _, truth in pairs], [v.decode(row) for row in said]
        right = sum(map(str.__eq__, texts, truths))
        known = sum(text in truths for text in texts)  # of this word or of another
        mixed = sum(sorted(text) == sorted(truth) for text, truth in zip(texts, truths, strict=True))  # in any order
        others = _said(model, words, not with_prefix)[0]
        other = sum(v.decode(row) == truth for row, truth in zip(others, truths, strict=True))
        varied = len(set(map(len, truths))) > 3 and len(set(words)) == len(words)
        ordered = words == sorted(words, key=len)
        if lead > 1e-4 and 3 <= right <= 8 and right not in (other, known, mixed) and varied and not ordered:
            return Exam(table, pairs, evaluation.loss_of(model, pairs, with_prefix), right / len(pairs))
    raise RuntimeError("no exam was drawn")


def _said(model: ref.Model, words: Sequence[str], with_prefix: bool) -> tuple[list[list[int]], float]:
    """What greedy decoding writes for each word, and the smallest lead; words of one length at once."""
    said, leads = dict[int, list[int]](), list[float]()
    for length in sorted(set(map(len, words))):
        places = [k for k, word in enumerate(words) if len(word) == length]
        source = torch.tensor([[*evaluation.VOCABULARY.encode(words[k]), EOP] for k in places])
        rows, lead = ref.greedy(model, source, SOS, EOS, 20, with_prefix)
        said.update(zip(places, rows, strict=True))
        leads.append(lead)
    return [said[k] for k in range(len(words))], min(leads)


def with_truths(draw: Draw, words: list[str], said: list[list[int]]) -> list[tuple[str, str]]:
    """Each word with a translation: half of them what is said, if it ends; the others nearly so, or that of another."""
    kinds = draw.permutation(12).tolist()
    texts = [evaluation.VOCABULARY.decode(row) for row in said]
    truths = []
    for row, text, kind in zip(said, texts, kinds, strict=True):
        truths.append(text if kind < 6 and row[-1] == EOS and text else spoilt(draw, text[:12], kind % 6))
    truths[kinds.index(11)] = truths[kinds.index(0)]
    return list(zip(words, truths, strict=True))


def spoilt(draw: Draw, text: str, kind: int) -> str:
    """A word that `text` is not, nearly: one letter is missing at the end, one more stands there, two neighbours have
    changed places, or one letter is another."""
    if kind == 0 and len(text) > 2:
        return text[:-1]
    if kind == 1:
        return text + SIGNS[draw.integer(0, 25)]
    if kind in (2, 4) and len(set(text)) > 1:
        place = next(place for place in range(1, len(text)) if text[place] != text[place - 1])
        return text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]
    place = draw.integer(0, max(0, len(text) - 1))
    return text[:place] + SIGNS[(SIGNS.index(text[place]) + 1) % 26 if text else 0] + text[place + 1 :]


# two words of each length, so that none is a batch of its own
_FULL = [(word, SIGNS[: 19 - k % 2]) for k, word in enumerate(("vwx", "xwvw", "vwxv", "wvx"))]


def longest(ends: bool) -> Exam:
    """Words for which the toy writes the alphabet up to s, then EOS: 20 tokens, right for every other of them. Or it
    goes on with t (not `ends`), and none is right."""
    table = torch.zeros(V, V, dtype=torch.float64)
    for letter in range(26):
        after = EOS if ends and letter == 18 else letter + 1
        table[letter, after] = 3.0 ** (letter + 1)  # each louder than all that came before
    table[21:24] = 0  # the letters of the sources
    table[EOP, 0] = 1.0
    return Exam(table, _FULL, float("nan"), 0.5 if ends else 0.0)
