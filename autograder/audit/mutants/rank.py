"""Survivors with the surest first: what is most likely a hole in the checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.audit.mutants.edits import Mutant
from autograder.audit.mutants.trial import Outcome

BROKEN = "a check breaks on it"
PUBLIC = "passes the hidden checks and fails the public tests"
SOME = "passes at some seeds only"
DIFFERS = "answers differ from the reference's, and are accepted"
SAME = "answers are the reference's"
RANKS = (BROKEN, PUBLIC, SOME, DIFFERS, SAME)


@dataclass(frozen=True)
class Tried:
    """A mutant of the answer to `item`, and what became of it."""

    item: str
    mutant: Mutant
    outcome: Outcome

    @property
    def rank(self) -> str:
        """What speaks against the checks; "" when nothing does."""
        outcome = self.outcome
        if outcome.broken:
            return BROKEN
        if outcome.killed:
            return ""
        if outcome.failed:
            return SOME
        if outcome.public:
            return PUBLIC
        return DIFFERS if outcome.differs else SAME

    @property
    def why(self) -> str:
        """The rank, with what it was seen by."""
        outcome = self.outcome
        more = {
            BROKEN: "; ".join(outcome.broken), PUBLIC: outcome.public, DIFFERS: ", ".join(outcome.differs),
            SOME: f"{len(outcome.passed)}; caught at others by {', '.join(outcome.failed)}",
            SAME: "" if self.mutant.reached else "no check reaches it",
        }.get(self.rank, "")  # fmt: skip
        return f"{self.rank}: {more}" if more else self.rank

    @property
    def told(self) -> str:
        """In words for the author."""
        one = self.mutant
        where = f"{one.where}: " if one.where else ""
        return f"{one.name} {one.operator}, {where}`{one.old}` -> `{one.new}`: {self.why}"


def ranked(tried: Iterable[Tried]) -> tuple[Tried, ...]:
    """Those with something against the checks, the surest first."""
    return tuple(sorted((one for one in tried if one.rank), key=lambda one: RANKS.index(one.rank)))
