"""From blueprint, bank and secret to papers. Nothing is read or written here, and nothing is left to chance.

All students get the same templates, or templates of the same topic, kind, level and time: what differs is drawn. The
draws of each are made with a key that follows from the secret, the exam and the student, so papers can be made again,
and nobody's paper says anything about another one's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.errors import AssignmentError
from autograder.exam.blueprint import Blueprint, SectionTable
from autograder.questions.bank import Bank
from autograder.questions.draws import Draws
from autograder.questions.marking import mark
from autograder.questions.paper import SPECIMEN, Paper, Papers
from autograder.questions.templates import Question, Template

_SPECIMEN = "the course's own"
_PRACTICE = "practice"


@dataclass(frozen=True)
class Section:
    """A section with the templates that were chosen for it."""

    table: SectionTable
    templates: tuple[Template, ...]


def choose(blueprint: Blueprint, bank: Bank, secret: bytes) -> tuple[Section, ...]:
    """The templates of each section; none stands in two. Raises AssignmentError where the bank has too few."""
    draws = Draws(secret, blueprint.id, "templates")
    taken: set[str] = set()
    found = []
    for number, table in enumerate(blueprint.table.sections):
        key = f"sections[{number}]"
        if table.questions:
            chosen = [_known(blueprint, key, bank, name) for name in table.questions]
        else:
            left = [one for one in bank.values() if one.topic == table.topic and one.id not in taken]
            wanted = table.number or 0
            if len(left) < wanted:
                topics = ", ".join(f"{t} ({c})" for t, c in sorted(Counter(o.topic for o in bank.values()).items()))
                told = f"expected at most {len(left)} questions on {table.topic!r}; the bank has {topics}"
                raise AssignmentError(blueprint.path, f"{key}.number", told)
            chosen = draws.sample(left, wanted)
        if twice := [one.id for one in chosen if one.id in taken]:
            raise AssignmentError(blueprint.path, key, f"expected {twice[0]} in one section only")
        taken |= {one.id for one in chosen}
        found.append(Section(table, tuple(chosen)))
    return tuple(found)


def _known(blueprint: Blueprint, key: str, bank: Bank, name: str) -> Template:
    if name not in bank:
        raise AssignmentError(blueprint.path, f"{key}.questions", f"the bank has no {name} (any more)")
    return bank[name]


def assemble(blueprint: Blueprint, bank: Bank, secret: bytes, students: Sequence[str], issued: Papers | None) -> Papers:
    """A paper for each student, and the specimen. Papers that were issued stay what they are.

    Raises AssignmentError where a question cannot be drawn."""
    sections = choose(blueprint, bank, secret) if issued is None else _chosen(blueprint, bank, issued)
    papers = dict(issued.papers) if issued is not None else {}
    for student in (SPECIMEN, *students):
        if student not in papers:
            papers[student] = paper_for(blueprint, bank, secret, sections, student)
    chosen = tuple(tuple(one.id for one in section.templates) for section in sections)
    return Papers(blueprint.id, blueprint.digest, chosen, papers)


def _chosen(blueprint: Blueprint, bank: Bank, issued: Papers) -> tuple[Section, ...]:
    """What was chosen when the first papers were issued, whatever the bank has become since."""
    sections = []
    for number, (table, names) in enumerate(zip(blueprint.table.sections, issued.chosen, strict=True)):
        templates = tuple(_known(blueprint, f"sections[{number}]", bank, name) for name in names)
        sections.append(Section(table, templates))
    return tuple(sections)


def paper_for(blueprint: Blueprint, bank: Bank, secret: bytes, sections: Sequence[Section], student: str) -> Paper:
    """One student's. Raises AssignmentError."""
    purpose = (blueprint.id, "student", student) if student != SPECIMEN else (blueprint.id, _SPECIMEN)
    order = Draws(secret, *purpose, "order")
    used = {one.id for section in sections for one in section.templates}
    questions: list[Question] = []
    for section in sections:
        chosen = _mixed(section, bank, used, order) if section.table.mix else list(section.templates)
        for template in order.shuffled(chosen):
            draws = Draws(secret, *purpose, template.id)
            drawn = drawn_from(template, draws, section.table.form == "choice")
            questions.append(replace(drawn, name=f"q{len(questions) + 1}", points=float(section.table.points)))
    return Paper(student, tuple(questions))


def _mixed(section: Section, bank: Bank, used: set[str], order: Draws) -> list[Template]:
    """Templates of the same strata; those of other sections stay theirs."""
    elsewhere = used - {one.id for one in section.templates}
    chosen: list[Template] = []
    for stratum, count in Counter(one.stratum for one in section.templates).items():
        alike = [one for one in bank.values() if one.stratum == stratum and one.id not in elsewhere]
        chosen += order.sample(alike, count)
    return chosen


def drawn_from(template: Template, draws: Draws, as_choice: bool) -> Question:
    """A question that was tried: its key is right, and no option or slip counts as it. Raises AssignmentError."""
    try:
        question = template.draw(draws, as_choice)
    except ValueError as error:
        raise AssignmentError("the bank", template.id, f"expected numbers that differ; {error}") from error
    if problem := unsound(question):
        raise AssignmentError("the bank", template.id, problem)
    return question


def unsound(question: Question) -> str:
    """What is wrong with a drawn question, "" when nothing is."""
    key = question.key if question.kind == "number" else question.letters
    if not mark(question, key).right:
        return "its key is not right"
    if question.kind == "number":
        hit = [slip.thinks for slip in question.slips if mark(question, slip.value).right]
        return f"counts as right: {hit[0]}" if hit else ""
    texts = [option.text for option in question.options]
    if len(set(texts)) < len(texts):
        return "two options say the same"
    if question.kind == "one" and len(question.letters) != 1:
        return "expected one option that holds"
    return "" if any(not option.right for option in question.options) else "every option holds"


def practice(bank: Bank, secret: bytes, topics: Sequence[str], number: int, as_choice: bool) -> tuple[Question, ...]:
    """Questions to practise on. Raises AssignmentError for a topic that the bank does not have."""
    known = sorted({one.topic for one in bank.values()})
    for topic in topics:
        if topic not in known:
            raise AssignmentError("the bank", topic, f"expected one of {', '.join(known)}")
    draws = Draws(secret, _PRACTICE)
    left = [one for one in bank.values() if not topics or one.topic in topics]
    chosen = draws.sample(left, min(number, len(left)))
    drawn = (drawn_from(one, Draws(secret, _PRACTICE, one.id), as_choice) for one in chosen)
    return tuple(replace(one, name=f"p{n}", points=1.0) for n, one in enumerate(drawn, 1))
