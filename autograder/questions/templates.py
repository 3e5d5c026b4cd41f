"""What a question is before it is drawn, and after.

A template is a function from draws to a `Numeric`, or a pool of statements in TOML. Drawn for somebody it becomes a
`Question`; what that student may see of it is an `Asked`, which holds no key.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from seq2kit.quiz import within

from autograder.questions.draws import Draws

Form = Literal["one", "some", "number"]
EXACT, CLOSE = 0.0, 0.01
_OPTIONS = 4
_DRAWS = 40  # tries to draw a question whose numbers tell each other apart


@dataclass(frozen=True)
class Slip:
    """The number that a misconception leads to: `thinks` names it for instructors, `explain` is read by students."""

    value: float
    thinks: str
    explain: str


@dataclass(frozen=True)
class Numeric:
    """A question with its numbers drawn. `key` is computed from them; `tolerance` is relative, EXACT for counts;
    `worked` is the way to the answer, for the key and for practice."""

    text: str
    key: float
    slips: tuple[Slip, ...]
    worked: str
    unit: str = ""
    tolerance: float = EXACT


@dataclass(frozen=True)
class Option:
    """A statement to choose. `explain` says why it holds, or why not; `thinks` is the misconception behind it."""

    text: str
    right: bool
    explain: str
    thinks: str = ""


@dataclass(frozen=True)
class Question:
    """A question as one student gets it, with its key. `kind`: exactly one letter, some letters, or a number."""

    name: str
    template: str
    source: str
    topic: str
    kind: Form
    text: str
    points: float
    minutes: int
    worked: str
    options: tuple[Option, ...] = ()
    key: float = 0.0
    tolerance: float = EXACT
    unit: str = ""
    slips: tuple[Slip, ...] = ()

    @property
    def letters(self) -> str:
        """The letters that hold, in order."""
        return "".join(chr(97 + n) for n, option in enumerate(self.options) if option.right)

    def asked(self) -> Asked:
        """What the student sees of it."""
        texts = tuple(option.text for option in self.options)
        return Asked(self.name, self.kind, self.text, texts, self._how(), self.points, self.minutes)

    def _how(self) -> str:
        if self.kind == "one":
            return "One letter."
        if self.kind == "some":
            return "All letters that hold, at least one."
        unit = f", in {self.unit}" if self.unit else ""
        return f"A number{unit}, " + (f"within {self.tolerance:.0%}." if self.tolerance else "exactly.")


@dataclass(frozen=True)
class Asked:
    """A question without its key: all that a notebook or a printed paper is made from. `how` says what is asked for."""

    name: str
    kind: Form
    text: str
    options: tuple[str, ...]
    how: str
    points: float
    minutes: int


@dataclass(frozen=True)
class Template:
    """A question that can be drawn. `level` is 1 to 3; `form` is what it asks for unless somebody wants a choice."""

    id: str
    topic: str
    source: str
    title: str
    minutes: int
    level: int
    form: Form
    draw: Callable[[Draws, bool], Question]

    @property
    def stratum(self) -> tuple[str, int, int, Form]:
        """Templates of one stratum take each other's place."""
        return self.topic, self.level, self.minutes, self.form


F = TypeVar("F", bound=Callable[[Draws], Numeric])
MARK = "seq2grade_template"


def template(id: str, *, topic: str, source: str, title: str, minutes: int, level: int) -> Callable[[F], F]:
    """Make a template of a function of a bank's file. source: the item of the source documents that it comes from;
    minutes: for a student who knows how; level: 1 to 3."""

    def mark(function: F) -> F:
        def draw(draws: Draws, as_choice: bool) -> Question:
            numeric = settled(function, draws)
            plain = Question(
                "", id, source, topic, "number", numeric.text, 0.0, minutes, numeric.worked, (), numeric.key,
                numeric.tolerance, numeric.unit, numeric.slips,
            )  # fmt: skip
            return _as_choice(plain, draws) if as_choice else plain

        setattr(function, MARK, Template(id, topic, source, title, minutes, level, "number", draw))
        return function

    return mark


def settled(function: Callable[[Draws], Numeric], draws: Draws) -> Numeric:
    """The first draw whose key and slips can be told from each other. Raises ValueError where there is none."""
    problem = ""
    for _ in range(_DRAWS):
        numeric = function(draws)
        problem = flaw(numeric)
        if not problem:
            return numeric
    raise ValueError(f"{problem}, in each of {_DRAWS} draws")


def flaw(numeric: Numeric) -> str:
    """Why this draw is no good question, "" for one that is: key and slips must all be told from each other."""
    values = (numeric.key, *(slip.value for slip in numeric.slips))
    if not all(math.isfinite(value) for value in values):
        return "a number is not finite"
    if numeric.tolerance == EXACT and numeric.key != int(numeric.key):
        return "an exact answer is a whole number"
    apart = 2 * max(numeric.tolerance, 0.005)  # also as they are shown, to a few digits
    for n, first in enumerate(values):
        for second in values[n + 1 :]:
            if within(first, second, apart if numeric.tolerance else 0.0) or shown(first) == shown(second):
                return f"{shown(first)} and {shown(second)} are not told apart"
    return ""


def _as_choice(question: Question, draws: Draws) -> Question:
    """The same with options: the key, and what misconceptions lead to."""
    unit = f" {question.unit}" if question.unit and question.unit != "%" else question.unit
    wrong = draws.sample(question.slips, min(_OPTIONS - 1, len(question.slips)))
    options = [Option(shown(slip.value) + unit, False, slip.explain, slip.thinks) for slip in wrong]
    options.append(Option(shown(question.key) + unit, True, "This is what the definition gives."))
    return replace(question, kind="one", options=tuple(draws.shuffled(options)), slips=())


def shown(value: float) -> str:
    """A number as a paper shows it: whole ones with commas at the thousands, others to four digits."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return (
        f"{value:,.4g}"
        if 1e-4 <= abs(value) < 1e4
        else f"{value:.3e}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")
    )
