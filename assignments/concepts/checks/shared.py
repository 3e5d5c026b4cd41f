"""What several checks share: choices as letters, and a model or a generator made where the student's functions live."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.judge import Handle, Student, expect


def chosen(student: Student, item: str, offered: str, right: str, hint: str) -> None:
    """answers[item] holds exactly the letters of `right`, in any form and order."""
    letters = expect.letters(student.entry("answers", item), offered=offered, what=f'answers["{item}"]')
    expect.true(letters == set(right), "Not exactly the letters that hold.", hint)


def generator(student: Student, seed: int) -> Handle:
    """A generator of torch in the student's process, seeded."""
    made = student.tool("torch").made("Generator")
    made.method("manual_seed", seed)
    return made


def wired(
    student: Student, rule: Sequence[Sequence[bool]], d: int, k: int, seed: int, weak: float, deaf: bool
) -> Handle:
    """A model in the student's process in which who hears whom is known."""
    return student.tool("wiring").made("Wiring", [list(row) for row in rule], d, k, seed=seed, weak=weak, deaf=deaf)
