"""Short questions in a notebook: how a written answer is read, and quizzes to practise on.

The grader reads answers with the same two functions, so what `given` prints is what will count.
"""

from __future__ import annotations

import datetime
import importlib
import json
import math
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

NUMBER_RULE = (
    "12288, 12,288, 12 288, 1.2288e4, 1.2288 x 10^4, 2^12 and 3/4 are all numbers. A comma that three digits follow "
    "separates thousands, any other comma is a decimal comma. The unit may stand behind the number or be left out."
)
LETTER_RULE = "Letters go in any order, with or without commas: ac, a, c and {'a', 'c'} are the same."

_MANTISSA = r"\d[\d.,' _]*|[.,]\d+"
_PLAIN = re.compile(rf"([+-]?)({_MANTISSA})(?:e([+-]?\d{{1,3}}))?\Z", re.IGNORECASE)
_TIMES = re.compile(
    rf"([+-]?)(?:({_MANTISSA}) ?[x*·\u00d7] ?)?(\d{{1,4}}) ?(?:\^|\*\*) ?\(?([+-]?\d{{1,3}})\)?\Z", re.IGNORECASE
)
_LONGEST = 80
_SPACES = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u2009\u202f\t\n", " ") | {"\u2212": "-", "\u2013": "-", "\u2019": "'"}
)


def read_number(value: Any, unit: str = "") -> float | None:
    """What number an answer says (see NUMBER_RULE); None for what is none. `unit` may stand behind it."""
    if isinstance(value, bool):
        return None
    if not isinstance(value, str):
        try:
            found = float(value)
        except (TypeError, ValueError, OverflowError):
            return None
        return found if math.isfinite(found) else None
    text = " ".join(value.translate(_SPACES).split())
    if len(text) > _LONGEST:
        return None
    text = text.lstrip("=≈~ ").rstrip(". ")
    for word in (unit, unit.removesuffix("s")):
        if word and text.lower().endswith(word.lower()):
            text = text[: -len(word)].rstrip()
            break
    top, slash, bottom = text.partition("/")
    if not slash:
        return _number(text)
    over, under = _number(top.strip()), _number(bottom.strip())
    return over / under if over is not None and under else None


def _number(text: str) -> float | None:
    found: float | None = None
    if plain := _PLAIN.match(text):
        digits = _digits(plain[2])
        found = float(f"{plain[1]}{digits}e{plain[3] or 0}") if digits else None
    elif times := _TIMES.match(text):
        digits = _digits(times[2]) if times[2] else "1"
        try:
            found = float(f"{times[1]}{digits}") * float(times[3]) ** int(times[4]) if digits else None
        except (OverflowError, ZeroDivisionError):
            return None
    return found if found is not None and math.isfinite(found) else None


def _digits(text: str) -> str:
    """A number as Python writes it, "" where the marks in it make no sense."""
    text = text.strip().replace("_", "'").replace(" ", "'")
    if "'" in text:
        groups = re.fullmatch(r"\d{1,3}(?:'\d{3})+([.,]\d+)?", text)
        return text.replace("'", "").replace(",", ".") if groups else ""
    comma, dot = text.count(","), text.count(".")
    if comma and dot:
        mark = max(",.", key=text.rfind)
        other = "," if mark == "." else "."
        whole, _, rest = text.rpartition(mark)
        fits = re.fullmatch(rf"\d{{1,3}}(?:{re.escape(other)}\d{{3}})+", whole) and rest.isdigit()
        return f"{whole.replace(other, '')}.{rest}" if fits else ""
    if comma + dot > 1:
        mark = "," if comma else "."
        return text.replace(mark, "") if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", text) else ""
    if comma and re.fullmatch(r"[1-9]\d{0,2},\d{3}", text):
        return text.replace(",", "")
    return text.replace(",", ".")


def read_letters(value: Any) -> frozenset[str] | None:
    """Which letters an answer says (see LETTER_RULE), in small letters; None for what holds anything else."""
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple, set, frozenset)) or not all(isinstance(part, str) for part in parts):
        return None
    found = {c for part in parts for c in part.lower() if not c.isspace() and c not in ",;.()[]{}'\"+&"}
    return frozenset(found) if found and all(len(c) == 1 and "a" <= c <= "z" for c in found) else None


def given(answers: Mapping[str, Any], name: str) -> None:
    """Say how an answer is read. Raises AssertionError for one that is missing or cannot be read. What is right nobody
    knows here."""
    value = answers.get(name) if isinstance(answers, Mapping) else None
    missing = value is None or value is ...
    assert not missing, f'no answer yet: give answers["{name}"] a value'
    letters, number = read_letters(value), read_number(_without_unit(value))
    assert letters is not None or number is not None, f"{name} is read neither as letters nor as a number"
    told = f"letters {', '.join(sorted(letters))}" if letters is not None else f"the number {number:.10g}"
    print(f"{name}: read as {told}")


def _without_unit(value: Any) -> Any:
    """Which unit belongs to a question the notebook does not know: any single word may be one."""
    return (
        re.sub(r"(?<=[\d)])\s*(?!e[+-]?\d)(?:%|[A-Za-zµ]+(?: [A-Za-z]+)?)\s*\Z", "", value)
        if isinstance(value, str)
        else value
    )


class Quiz:
    """Questions to practise on: `answer` says at once what holds and why, `solution` shows the way."""

    def __init__(self, questions: Iterable[Mapping[str, Any]]) -> None:
        self._questions = {str(one["name"]): one for one in questions}
        self._right: dict[str, bool] = {}

    @staticmethod
    def load(text: str) -> Quiz:
        """From JSON, as `seq2grade exam practice` writes it."""
        return Quiz(json.loads(text))

    def answer(self, name: str, value: Any) -> bool:
        """Whether this answers the question; prints why, for each letter that was chosen. Raises KeyError."""
        one = self._questions[name]
        if value is ... or value == "...":
            _show([f"{name}: put your answer in place of the dots."])
            return False
        right, lines = _number_said(one, value) if one["kind"] == "number" else _letters_said(one, value)
        self._right[name] = right
        _show([f"{name}: {'right' if right else 'not yet'}.", *lines])
        return right

    def solution(self, name: str) -> None:
        """Show how it is done. Raises KeyError."""
        _show([f"{name}: {self._questions[name]['worked']}"])

    def score(self) -> None:
        """Print how far one has come."""
        print(f"{sum(self._right.values())} of {len(self._questions)} right, {len(self._right)} tried")


def _show(lines: list[str]) -> None:
    """In a notebook with its formulas set, elsewhere as plain text."""
    shell = sys.modules.get("IPython")
    if shell is None or shell.get_ipython() is None:
        print("\n  ".join(lines))
        return
    rich = importlib.import_module("IPython.display")
    rich.display(rich.Markdown("\n".join([lines[0], "", *(f"- {line}" for line in lines[1:])])))


def clock(until: str) -> None:
    """Print how much time is left until a moment (ISO 8601, with its offset)."""
    end = datetime.datetime.fromisoformat(until)
    left = (end - datetime.datetime.now(tz=end.tzinfo)).total_seconds() / 60
    print(f"{left:.0f} minutes left, until {end:%H:%M}" if left >= 0 else f"Time is up, since {end:%Y-%m-%d %H:%M}.")


def _number_said(one: Mapping[str, Any], value: Any) -> tuple[bool, list[str]]:
    number = read_number(value, one["unit"])
    if number is None:
        return False, [f"That is no number. {NUMBER_RULE}"]
    if within(number, one["key"], one["tolerance"]):
        return True, []
    slips = [slip["explain"] for slip in one["slips"] if within(number, slip["value"], one["tolerance"])]
    return False, slips[:1] or ["That is not it, and none of the usual slips either. Which quantities enter?"]


def _letters_said(one: Mapping[str, Any], value: Any) -> tuple[bool, list[str]]:
    letters, options = read_letters(value), {chr(97 + n): option for n, option in enumerate(one["options"])}
    if letters is None or not letters <= set(options):
        return False, [f"Give letters from {', '.join(options)}. {LETTER_RULE}"]
    marks = {True: "holds", False: "does not hold"}
    lines = [f"{x}: {marks[options[x]['right']]}. {options[x]['explain']}" for x in sorted(letters)]
    right = letters == {x for x, option in options.items() if option["right"]}
    if not right and all(options[x]["right"] for x in letters):
        lines.append("There is more that holds.")
    return right, lines


def within(value: float, wanted: float, tolerance: float) -> bool:
    """Whether a number counts as another one: `tolerance` is relative; 0 asks for the number itself."""
    return abs(value - wanted) <= max(tolerance, 1e-9) * abs(wanted) + 1e-12
