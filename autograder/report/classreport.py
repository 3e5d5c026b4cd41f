"""What an instructor reads about a class: how it went, where it went wrong, who needs a look."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from autograder.model import Grade, ItemGrade
from autograder.report import html, tally
from autograder.report.blocks import (
    MARKS,
    Bar,
    Bars,
    Block,
    Cell,
    Column,
    Contents,
    Details,
    Fact,
    Facts,
    Heading,
    Histogram,
    Table,
    Text,
)
from autograder.report.classdetail import detail_blocks, repair_blocks, run_blocks
from autograder.report.plain import count, plain, points, worth
from autograder.report.verdicts import (
    adjusted,
    broken,
    item_score,
    item_tone,
    legend,
    not_started,
    reasons,
    unchecked,
)
from autograder.writing import replace_file

Links = Mapping[str, str]
_MISCONCEPTIONS = 15


def class_blocks(grades: Sequence[Grade], *, title: str, feedback_links: Links | None = None) -> tuple[Block, ...]:
    """The class report over `grades`, students in natural order of their names.

    feedback_links: student -> path of that student's feedback page, relative to the report (not URL-encoded).
    """
    links = feedback_links or {}
    ordered = sorted(grades, key=lambda grade: _natural(grade.student))
    top = Heading(title, 1, eyebrow=f"Class report, {count(len(ordered), 'submission')}")
    if not ordered:
        return top, Text("No submissions yet. Once some are graded, this page shows how the class did.", big=True)
    sections = (
        ("Scores", _scores(ordered)),
        ("Needs a look", _attention(ordered, links)),
        ("Misconceptions", _misconceptions(ordered)),
        ("Items and checks", _items(ordered)),
        ("Runs", run_blocks(ordered)),
        ("Repairs", repair_blocks(ordered)),
        ("Students", _students(ordered, links)),
        ("Instructor detail", detail_blocks(ordered)),
    )
    blocks: list[Block] = [top, Contents(tuple((name, _anchor(name)) for name, _ in sections))]
    for name, inside in sections:
        blocks += [Heading(name, anchor=_anchor(name)), *inside]
    return tuple(blocks)


def write_class_report(grades: Sequence[Grade], path: Path, *, title: str, feedback_links: Links | None = None) -> Path:
    """Writes the class report as one self-contained HTML file and returns its path. Raises OSError."""
    blocks = class_blocks(grades, title=title, feedback_links=feedback_links)
    footer = "For instructors. Contains names and grading detail: do not publish."
    return replace_file(path, html.page(f"Class report: {plain(title)}", blocks, wide=True, footer=footer), 0o644)


def _natural(text: str) -> list[tuple[bool, int, str]]:
    """A sorting key under which s9 comes before s10."""
    return [
        (not part.isdecimal(), int(part[:18]) if part.isdecimal() else 0, part)
        for part in re.split(r"(\d+)", text.casefold())
        if part
    ]


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")


def _scores(grades: Sequence[Grade]) -> Iterator[Block]:
    """Mean, quartiles and histogram: in points when all share one total, else in per cent."""
    maxima = {grade.max_score for grade in grades}
    same = len(maxima) == 1
    counted = [grade for grade in grades if grade.max_score > 0]
    values = [grade.score if same else 100 * grade.score / grade.max_score for grade in counted]
    if not values:
        yield Text("Nothing here is graded automatically.")
        return
    top = maxima.pop() if same else 100.0
    unit = f"of {points(top)} points" if same else "per cent"
    first, median, third = tally.quartiles(values)
    mean = statistics.fmean(values)
    without = len(grades) - len(values)
    flagged = sum(bool(reasons(grade)) for grade in grades)
    still = sum(grade.pending > 0 for grade in grades)
    yield Facts(
        (
            Fact("Submissions", f"{len(grades):,}", _with(grades, without)),
            Fact("Mean", points(mean), f"{unit} ({100 * mean / top:.0f}%)" if same else unit),
            Fact("Median", points(median), unit),
            Fact("Middle half", f"{points(first)} to {points(third)}", "first to third quartile"),
            Fact("Need a look", str(flagged), f"{still} with open points" if still else ""),
        )
    )
    counts, high = tally.bins(values, top)
    yield Histogram(
        counts,
        0.0,
        high,
        "points" if same else "per cent",
        (first, median, third),
        "Submissions by score. The band below the axis holds the middle half; the ring marks the median.",
    )


def _with(grades: Sequence[Grade], without: int) -> str:
    """What is special about some of the submissions."""
    empty = sum(bool(grade.items) and len(not_started(grade)) == len(grade.items) for grade in grades)
    late = sum(grade.penalty > 0 for grade in grades)
    said = ((without, "without a score"), (empty, "with nothing answered"), (late, "late, with points off"))
    return ", ".join(f"{number} {words}" for number, words in said if number)


def _attention(grades: Sequence[Grade], links: Links) -> Iterator[Block]:
    rows = tuple(
        (
            Cell(grade.student, link=links.get(grade.student, "")),
            Cell(reasons(grade), "unsure" if unchecked(grade) else "bad" if broken(grade) else "note"),
            Cell(f"{points(grade.score)} of {points(grade.max_score)}"),
        )
        for grade in grades
        if grade.flagged or reasons(grade)
    )
    if not rows:
        yield Text("Nothing is flagged: every submission ran, and every check could be made.")
        return
    yield Table((Column("Student"), Column("Why"), Column("Score", "number")), rows, tall=len(rows) > 20)


def _misconceptions(grades: Sequence[Grade]) -> Iterator[Block]:
    found = tally.misconceptions(grades)
    if not found:
        yield Text("No wrong answer gave the same outputs as a declared mistake.")
        return
    yield Text(
        "What students think whose outputs on secret inputs equal those of a declared mistake, and what they read.",
        quiet=True,
    )
    yield Bars(
        tuple(
            Bar(
                held.thinks or held.text,
                (("note", len(held.students)),),
                note=f"{held.title}: {held.text}" if held.thinks else held.title,
                value=count(len(held.students), "student"),
            )
            for held in found[:_MISCONCEPTIONS]
        ),
        len(grades),
        "Misconceptions by number of students",
    )
    if len(found) > _MISCONCEPTIONS:
        rest = sum(len(held.students) for held in found[_MISCONCEPTIONS:])
        yield Text(f"{len(found) - _MISCONCEPTIONS} more were matched {count(rest, 'time')} in all.", quiet=True)


def _items(grades: Sequence[Grade]) -> Iterator[Block]:
    yield Text(
        f"Share that passed among those decided. {legend(grades, checks=True)}.",
        quiet=True,
    )
    for item in tally.items(grades).values():
        note = f"{plain(item.id)}, {worth(item.max_score)}"
        yield Bars(
            (Bar(item.title, tally.parts(item.tones), note, tally.pass_rate(item.tones)),),
            len(grades),
        )
        if item.checks:
            bars = tuple(
                Bar(check.claim, tally.parts(check.tones), check.name, tally.pass_rate(check.tones))
                for check in item.checks.values()
            )
            yield Details(count(len(bars), "check"), (Bars(bars, len(grades)),))


def _students(grades: Sequence[Grade], links: Links) -> Iterator[Block]:
    known = tally.items(grades)
    maxima = {grade.max_score for grade in grades}
    total = f" of {points(*maxima)}" if len(maxima) == 1 else ""
    more = any(map(adjusted, grades))
    columns = (
        Column("Student"),
        Column(f"{'Checks' if more else 'Score'}{total}", "number"),
        *((Column("By people", "number"), Column("Late", "number"), Column("Together", "number")) if more else ()),
        *(Column(_short(item.id), "mark", f"{item.title} ({worth(item.max_score)})") for item in known.values()),
        Column("to look at", "mark", "asks for an instructor's look"),
    )
    rows = []
    for grade in grades:
        held = {item.id: item for item in grade.items}
        cells = [_square(held[name]) if name in held else Cell("") for name in known]
        why = reasons(grade)
        rows.append(
            (
                Cell(grade.student, link=links.get(grade.student, "")),
                Cell(points(grade.score) if total else f"{points(grade.score)} of {points(grade.max_score)}"),
                *(_adjusted(grade) if more else ()),
                *cells,
                Cell("⚑", "unsure", why) if why else Cell(""),
            )
        )
    yield Table(columns, tuple(rows), f"{legend(grades)}; a number: these points.", tall=True)


def _adjusted(grade: Grade) -> tuple[Cell, ...]:
    """What people gave, what handing in late costs, and what that makes."""
    given = points(grade.by_person) if any(i.person is not None or i.extra for i in grade.items) else ""
    late = points(-grade.penalty) if grade.penalty > 0 else ""
    return Cell(given), Cell(late, hint=grade.late), Cell(f"{points(grade.total)} of {points(grade.total_max)}")


def _short(item: str) -> str:
    return item if len(item) <= 18 else item[:17] + "…"


def _square(item: ItemGrade) -> Cell:
    tone = item_tone(item)
    return Cell(points(item.points) if tone == "part" else MARKS[tone], tone, item_score(item))
