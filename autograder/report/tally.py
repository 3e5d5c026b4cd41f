"""Counting over a class: how often each verdict occurred. Counts, orders scores, decides no points."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from autograder.model import Grade, Status
from autograder.report.blocks import Tone
from autograder.report.verdicts import check_tone, item_tone, titled

TONES: tuple[Tone, ...] = ("good", "part", "bad", "blank", "unsure", "wait")


@dataclass
class CheckTally:
    """Verdicts on one check."""

    name: str
    claim: str
    tones: Counter[Tone] = field(default_factory=Counter)


@dataclass
class ItemTally:
    """Verdicts on one item and its checks, in the order in which they were first seen."""

    id: str
    title: str
    max_score: float
    tones: Counter[Tone] = field(default_factory=Counter)
    checks: dict[str, CheckTally] = field(default_factory=dict)


@dataclass
class Misconception:
    """A declared mistake that students' outputs matched: what they think, what they read about it, who, and on which
    claims."""

    item: str
    title: str
    thinks: str
    text: str
    students: set[str] = field(default_factory=set)
    claims: dict[str, None] = field(default_factory=dict)


def items(grades: Sequence[Grade]) -> dict[str, ItemTally]:
    """Every item that occurs in `grades`, by id."""
    found: dict[str, ItemTally] = {}
    for grade in grades:
        for item in grade.items:
            tally = found.setdefault(item.id, ItemTally(item.id, titled(item), item.max_score))
            tone = item_tone(item)
            tally.tones[tone] += 1
            for check in item.checks:
                held = tally.checks.setdefault(check.name, CheckTally(check.name, check.claim or check.name))
                held.tones["blank" if tone == "blank" else check_tone(check)] += 1
    return found


def misconceptions(grades: Sequence[Grade]) -> list[Misconception]:
    """What is thought in each item, the most frequent first; a student counts once for each. Where it is not known,
    what they read stands for it."""
    found: dict[tuple[str, str], Misconception] = {}
    for grade in grades:
        for item in grade.items:
            for check in item.checks:
                if check.mistake and check.status is Status.FAILED:
                    new = Misconception(item.id, item.title, check.thinks, check.mistake)
                    held = found.setdefault((item.id, check.thinks or check.mistake), new)
                    held.students.add(grade.student)
                    held.claims[check.claim or check.name] = None
    return sorted(found.values(), key=lambda held: (-len(held.students), held.item))


def parts(tones: Counter[Tone]) -> tuple[tuple[Tone, int], ...]:
    """Counts in the one order that every chart uses."""
    return tuple((tone, tones[tone]) for tone in TONES)


def pass_rate(tones: Counter[Tone]) -> str:
    """Share of passed among the decided, as text; "" when nothing was decided. An answer that nobody began is
    decided: it is worth nothing."""
    decided = tones["good"] + tones["part"] + tones["bad"] + tones["blank"]
    return f"{100 * tones['good'] / decided:.0f}%" if decided else ""


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """First quartile, median and third quartile, interpolated within the data. ValueError when empty."""
    if not values:
        raise ValueError("no values")
    if len(values) == 1:
        return values[0], values[0], values[0]
    first, median, third = statistics.quantiles(values, n=4, method="inclusive")
    return first, median, third


def bins(values: Sequence[float], high: float) -> tuple[tuple[int, ...], float]:
    """Counts in at most 12 bins of one round width from 0 up to `high` or the largest value, their end."""
    top = max([high, *values])
    sizes = (step * 10**power for power in range(-3, 9) for step in (1, 2, 2.5, 5))
    width = next((size for size in sizes if top / size <= 12), top or 1.0)
    number = max(1, math.ceil(top / width - 1e-9))
    counts = [0] * number
    for value in values:
        counts[min(number - 1, max(0, int(value / width + 1e-9)))] += 1
    return tuple(counts), number * width
