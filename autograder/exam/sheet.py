"""What one student gets, as data: the only thing that notebooks and printed papers are made from. It holds no key."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from seq2kit.quiz import LETTER_RULE, NUMBER_RULE

from autograder.exam.blueprint import Blueprint
from autograder.questions.paper import Paper
from autograder.questions.templates import Asked


@dataclass(frozen=True)
class Sheet:
    """A paper without its key. `until` is when it has to be handed in, `begun` when it was opened, None where all begin
    together; `sections` are titles with the questions below them."""

    exam: str
    title: str
    student: str
    minutes: int
    opens: datetime.datetime
    until: datetime.datetime
    sections: tuple[tuple[str, tuple[Asked, ...]], ...]
    begun: datetime.datetime | None = None

    @property
    def questions(self) -> tuple[Asked, ...]:
        """All of them, in order."""
        return tuple(one for _, questions in self.sections for one in questions)

    @property
    def points(self) -> float:
        """What all of them are worth."""
        return sum(one.points for one in self.questions)

    @property
    def head(self) -> str:
        """One line: how much, how long, until when."""
        time = f"{self.minutes} minutes"
        if self.begun is not None:
            when = f"opened {_clock(self.begun)}, to be handed in by {_clock(self.until)}"
        else:
            when = f"{_clock(self.opens)}, to be handed in by {self.until:%H:%M}"
        return f"{len(self.questions)} questions, {self.points:g} points, {time}. {when[0].upper()}{when[1:]}."

    @property
    def rules(self) -> tuple[str, ...]:
        """What a student has to know of how answers are read."""
        return (
            "Your paper is your own: numbers, options and their order are drawn for you. The answers of a "
            "neighbour are wrong for you.",
            LETTER_RULE + " A question counts when exactly the letters that hold are given.",
            NUMBER_RULE + " How exact a number has to be stands with its question.",
            "An answer that is missing or wrong earns nothing and costs nothing.",
        )


def sheet_of(blueprint: Blueprint, paper: Paper, begun: datetime.datetime | None = None) -> Sheet:
    """The paper of one student, without its key."""
    table = blueprint.table
    sections, place = [], 0
    for section in table.sections:
        count = len(section.questions) or section.number or 0
        questions = paper.questions[place : place + count]
        sections.append((section.title, tuple(one.asked() for one in questions)))
        place += count
    minutes = table.minutes + table.extra_minutes.get(paper.student, 0)
    until = blueprint.until(paper.student, begun)
    return Sheet(blueprint.id, table.title, paper.student, minutes, table.opens, until, tuple(sections), begun)


def _clock(moment: datetime.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} ({moment.tzname()})"
