"""What went wrong, each cause once: the checks of a grade that failed for the same reason, in all its items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograder.model import CheckResult, Grade, ItemGrade, Status
from autograder.report.verdicts import item_tone


@dataclass
class Cause:
    """`told` is the sentence that tells it; `costs` lists each item with its checks that failed for it."""

    told: str
    costs: list[tuple[ItemGrade, list[CheckResult]]] = field(default_factory=list)

    @property
    def first(self) -> ItemGrade:
        """The item at which it is told in full."""
        return self.costs[0][0]

    @property
    def elsewhere(self) -> list[tuple[ItemGrade, list[CheckResult]]]:
        """What it costs in other items."""
        return self.costs[1:]


def causes(grade: Grade) -> dict[str, list[tuple[Cause, list[CheckResult]]]]:
    """Item id -> its causes in the order of its checks, each with the checks of this item that failed for it. An item
    that nobody began has none: there is nothing to explain."""
    known: dict[str, Cause] = {}
    found: dict[str, list[tuple[Cause, list[CheckResult]]]] = {}
    for item in grade.items:
        here: dict[str, list[CheckResult]] = {}
        for number, check in enumerate(_failed(item)):
            # what says nothing is nobody's cause but its own
            here.setdefault(check.mistake or check.message or f"\0{item.id} {number}", []).append(check)
        for told, checks in here.items():
            cause = known.setdefault(told, Cause(told.partition("\0")[0]))
            cause.costs.append((item, checks))
            found.setdefault(item.id, []).append((cause, checks))
    return found


def _failed(item: ItemGrade) -> Iterator[CheckResult]:
    if item_tone(item) != "blank":
        yield from (check for check in item.checks if check.status is Status.FAILED)


def lost(checks: Sequence[CheckResult]) -> float:
    """The points that these checks could have given."""
    return sum(check.max_points - check.points for check in checks)
