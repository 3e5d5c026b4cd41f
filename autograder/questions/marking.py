"""Is this the answer? The one place that decides, for notebooks, typed answers and reports alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seq2kit.quiz import read_letters, read_number, within

from autograder.questions.templates import Question


@dataclass(frozen=True)
class Mark:
    """`message` and `explain` are safe for the student; `thinks` is the misconception, for the instructor. An answer
    that cannot be read is neither right nor any misconception."""

    right: bool
    message: str = ""
    explain: str = ""
    thinks: str = ""
    readable: bool = True


def mark(question: Question, answer: Any) -> Mark:
    """The verdict on one answer, whatever form it has. No message holds the key, or a number or letter of it."""
    return _number(question, answer) if question.kind == "number" else _letters(question, answer)


def _number(question: Question, answer: Any) -> Mark:
    value = read_number(answer, question.unit)
    if value is None:
        return Mark(False, "the answer is not a number.", "the paper says which forms of a number count", "", False)
    if within(value, question.key, question.tolerance):
        return Mark(True)
    for slip in question.slips:
        if within(value, slip.value, question.tolerance):
            return Mark(False, "not the number that was asked for.", slip.explain, slip.thinks)
    return Mark(False, "not the number that was asked for.", "which of the given quantities enter, and how often?")


def _letters(question: Question, answer: Any) -> Mark:
    letters = read_letters(answer)
    offered = {chr(97 + n): option for n, option in enumerate(question.options)}
    if letters is None or not letters <= set(offered):
        return Mark(False, "the answer is not among the letters that are offered.", "", "", False)
    if letters == set(question.letters):
        return Mark(True)
    if question.kind == "one" and len(letters) > 1:
        return Mark(False, "more than one letter, where one was asked for.", "", "chose several")
    wrong = [offered[letter] for letter in sorted(letters) if not offered[letter].right]
    if wrong:
        return Mark(False, "something was chosen that does not hold.", wrong[0].explain, wrong[0].thinks)
    return Mark(False, "what was chosen holds, but it is not all that holds.", "", "left out what holds too")
