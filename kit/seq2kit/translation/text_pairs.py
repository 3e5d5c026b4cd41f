"""Pairs of your own: a text file with two columns. A line is used, or it is an error; none is dropped in silence."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from seq2kit.translation.piglatin import Pair, Pairs, share

_VALIDATION = 0.2
_TOLD = 5  # so many bad lines are named


def read_pairs(path: Path) -> Pairs:
    """The pairs of a UTF-8 file: a line each, source and translation with one tab between them.

    In the order of the file; a fifth is for validation, by a hash of the source, so that lines that are added later
    move none. Letters are composed (NFC) and spaces at the ends taken off. Raises ValueError that names the file and
    the number of each bad line: not UTF-8, no tab or more than one, an empty side, a control character, a source that
    stood there before. Lines are counted from 1.
    """
    pairs, bad = _parsed(path.read_bytes())
    if bad:
        more = f"; and {len(bad) - _TOLD} more" if len(bad) > _TOLD else ""
        raise ValueError(f"{path.name}: {'; '.join(bad[:_TOLD])}{more}")
    held = [share(source, "validation") < _VALIDATION for source, _ in pairs]
    if all(held) or not any(held):
        raise ValueError(f"{path.name}: {len(pairs)} pairs are too few to keep some back and learn from the others")
    return Pairs(
        train=tuple(pair for pair, back in zip(pairs, held, strict=True) if not back),
        validation=tuple(pair for pair, back in zip(pairs, held, strict=True) if back),
    )


def _parsed(content: bytes) -> tuple[list[Pair], list[str]]:
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if lines[-1] == b"":
        lines.pop()  # what follows the last line's end is no line
    pairs: list[Pair] = []
    bad: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        try:
            pair = _pair(line.removesuffix(b"\r"))
        except ValueError as error:
            bad.append(f"line {number}: {error}")
            continue
        first = seen.setdefault(pair[0], number)
        if first == number:
            pairs.append(pair)
        else:
            bad.append(f"line {number}: {pair[0]!r} stands in line {first}, too")
    return pairs, bad


def _pair(line: bytes) -> Pair:
    try:
        text = unicodedata.normalize("NFC", line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start + 1} is not UTF-8") from None
    columns = [column.strip(" ") for column in text.split("\t")]
    if len(columns) != 2:
        raise ValueError(f"{len(columns) - 1} tabs, where one parts source and translation")
    for what, column in zip(("source", "translation"), columns, strict=True):
        if not column:
            raise ValueError(f"the {what} is empty")
        if any(unicodedata.category(character).startswith("C") for character in column):
            raise ValueError(f"the {what} has a character that cannot be seen: {column!r}")
    return columns[0], columns[1]


def other_characters(pairs: Sequence[Pair], known: str) -> str:
    """The characters of these pairs that are not among the known ones, each once, in the order of their numbers."""
    return "".join(sorted({character for pair in pairs for text in pair for character in text} - set(known)))
