"""What a graded exam says about its questions: how hard each is, and whether who knows more gets it right."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.model import Grade, ItemGrade
from autograder.questions.paper import Papers

_FEW = 10  # answers below which a number says little


@dataclass(frozen=True)
class Analysed:
    """One template over all who had it. `right` is the share of full answers; `discrimination` the correlation of
    getting it right with the share of points in everything else, None where one of them does not vary; `slips` counts
    misconceptions."""

    template: str
    title: str
    answers: int
    right: float
    missing: int
    discrimination: float | None
    slips: tuple[tuple[str, int], ...]

    @property
    def look(self) -> str:
        """Why somebody should look at the question, "" when nothing is odd."""
        if self.answers < _FEW:
            return "few answers"
        if self.discrimination is not None and self.discrimination < 0.0:
            return "who knows more gets it wrong: is the key right?"
        return (
            "nearly nobody is right" if self.right < 0.1 else "nearly everybody is right" if self.right > 0.95 else ""
        )


@dataclass
class _Seen:
    right: list[bool] = field(default_factory=list)
    rest: list[float] = field(default_factory=list)
    missing: int = 0
    slips: Counter[str] = field(default_factory=Counter)


def analyse(papers: Papers, grades: Sequence[Grade], titles: Mapping[str, str]) -> tuple[Analysed, ...]:
    """Each template's figures, hardest first. Answers that could not be checked, and people without a paper, are left
    out."""
    seen: dict[str, _Seen] = defaultdict(_Seen)
    for grade in grades:
        paper = papers.papers.get(grade.student)
        items = {item.id: item for item in grade.items}
        for one in paper.questions if paper is not None and grade.student else ():
            item = items.get(one.name)
            if item is None or item.pending:
                continue
            told = seen[one.template]
            told.right.append(item.score >= item.max_score)
            told.rest.append(_rest(grade, item))
            told.missing += item.status == "not_started"
            told.slips.update(_thought(one.template, item))
    found = [_analysed(name, titles.get(name, name), told) for name, told in seen.items()]
    return tuple(sorted(found, key=lambda one: (one.right, one.template)))


def _rest(grade: Grade, item: ItemGrade) -> float:
    most = grade.max_score - item.max_score
    return (grade.score - item.score) / most if most else 0.0


def _thought(template: str, item: ItemGrade) -> list[str]:
    """The misconception that the check noted for the instructor, if it did."""
    firsts = (check.detail.split("\n")[0] for check in item.checks)
    return [first.removeprefix(f"{template}: ") for first in firsts if first.startswith(f"{template}: ")]


def _analysed(name: str, title: str, told: _Seen) -> Analysed:
    share = sum(told.right) / len(told.right)
    correlated = correlation([float(right) for right in told.right], told.rest)
    return Analysed(name, title, len(told.right), share, told.missing, correlated, tuple(told.slips.most_common(3)))


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Pearson's; None where one of them does not vary."""
    if len(xs) < 2:
        return None
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    across = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    spread = math.sqrt(sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys))
    return across / spread if spread > 1e-12 else None


def as_markdown(title: str, found: Sequence[Analysed], students: int) -> str:
    """A table for people."""
    lines = [
        f"# {title}: its questions",
        "",
        f"{students} students. Right: the share of full answers. Discrimination: the correlation with all other",
        "points.",
        "",
        "| question | answers | missing | right | discrimination | most common slips | look |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in found:
        told = "" if one.discrimination is None else f"{one.discrimination:+.2f}"
        slips = "; ".join(f"{thinks} ({count})" for thinks, count in one.slips)
        cells = (f"{one.title} (`{one.template}`)", one.answers, one.missing, f"{one.right:.0%}", told, slips, one.look)
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
