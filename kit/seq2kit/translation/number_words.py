"""Numbers in words, English and German, by rule: a pair of languages that puts the same parts into another order.

In "forty-two" the tens come first, in "zweiundvierzig" (two-and-forty) the units do.
"""

from __future__ import annotations

from functools import lru_cache

from seq2kit.translation.piglatin import Pair, Pairs, share

MOST = 999
_VALIDATION = 0.2

_ENGLISH = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_ENGLISH_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_GERMAN = [
    "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
    "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
]  # fmt: skip
_GERMAN_TENS = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]


def english(number: int) -> str:
    """The English words of a number: 42 is "forty-two", 342 "three hundred forty-two". Raises ValueError outside
    0 to 999."""
    _known(number)
    hundreds, rest = divmod(number, 100)
    parts = [f"{_ENGLISH[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, units = divmod(rest, 10)
        parts.append(_ENGLISH_TENS[tens - 2] + (f"-{_ENGLISH[units]}" if units else ""))
    elif rest or not hundreds:
        parts.append(_ENGLISH[rest])
    return " ".join(parts)


def german(number: int) -> str:
    """The German word of a number: 42 is "zweiundvierzig", 342 "dreihundertzweiundvierzig". Raises ValueError outside
    0 to 999."""
    _known(number)
    hundreds, rest = divmod(number, 100)
    said = f"{_inside(hundreds)}hundert" if hundreds else ""
    if rest >= 20:
        tens, units = divmod(rest, 10)
        return said + (f"{_inside(units)}und" if units else "") + _GERMAN_TENS[tens - 2]
    return said + _GERMAN[rest] if rest or not hundreds else said


def _inside(digit: int) -> str:
    """A digit in front of something: "eins" loses its s there."""
    return "ein" if digit == 1 else _GERMAN[digit]


def _known(number: int) -> None:
    if not 0 <= number <= MOST:
        raise ValueError(f"numbers from 0 to {MOST} have words here, {number} has none")


@lru_cache(maxsize=1)
def number_pairs() -> Pairs:
    """The numbers from 0 to 999, English to German, in their order; a fifth is kept back, by a hash of the English
    words."""
    pairs: list[Pair] = [(english(number), german(number)) for number in range(MOST + 1)]
    held = [share(word, "validation") < _VALIDATION for word, _ in pairs]
    return Pairs(
        train=tuple(pair for pair, back in zip(pairs, held, strict=True) if not back),
        validation=tuple(pair for pair, back in zip(pairs, held, strict=True) if back),
    )
