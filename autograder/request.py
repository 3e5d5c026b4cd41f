"""What a judge process is asked, and what it answers, as plain data.

Nothing here needs torch: the grader asks and judges hold the checks, so that only these have to import it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from autograder.assignment import Assignment
from autograder.model import CheckResult, Status

TOO_MUCH = "Judging what your code returned takes far more time or memory than the task needs."
TOO_MUCH_HINT = "is a result far larger than what was asked for?"
_ASSIGNMENT = TypeAdapter(Assignment)


@dataclass(frozen=True)
class Listed:
    """A hidden check without its code: what the grader knows of it. For the fields see judge/registry.py; `file` is the
    one that it stands in."""

    name: str
    item: str
    points: float
    claim: str
    training: float = 0.0
    file: Path = Path("checks.py")


@dataclass(frozen=True)
class Request:
    """One submission to judge. `edition` names what was read of the assignment, and when; `seconds` is the time limit
    of a check, `all_seconds` that of all together; `items` are those to judge, () for all; `facts` are those of the
    notebook that ran (see ran.py); `known` are verdicts that stand already; `student` is whose work it is, "" for the
    course's own; `forks`: whether checks can have forks of the notebook. `cpu` and `spent` are what judges that died
    over it took, and the notebook's code with them: its share does not begin anew. Nothing but plain data."""

    edition: str
    seed: int
    seconds: float
    all_seconds: float
    untouched: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    facts: list[list[str]] = field(default_factory=list)
    known: tuple[dict[str, Any], ...] = ()
    student: str = ""
    forks: bool = True
    cpu: float = 0.0
    spent: float = 0.0

    def dump(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self)).encode()

    @staticmethod
    def load(data: bytes) -> Request:
        """From JSON, which knows no tuples."""
        fields = json.loads(data)
        return Request(**{**fields, **{name: tuple(fields[name]) for name in ("untouched", "items", "known")}})


def dump_assignment(assignment: Assignment) -> bytes:
    """As JSON, for a judge."""
    return _ASSIGNMENT.dump_json(assignment)


def load_assignment_from(data: bytes) -> Assignment:
    """The way back."""
    return _ASSIGNMENT.validate_json(data)


def as_data(result: CheckResult) -> dict[str, Any]:
    """A verdict as JSON holds it. There are hundreds for a submission: `asdict` would copy each field of each."""
    return dict(vars(result))


def as_result(data: dict[str, Any]) -> CheckResult:
    """The way back."""
    return CheckResult(**{**data, "status": Status(data["status"])})


def as_rows(checks: Sequence[Listed]) -> list[list[Any]]:
    """Checks as JSON holds them."""
    return [[c.name, c.item, c.points, c.claim, c.training, str(c.file)] for c in checks]


def as_listed(rows: Sequence[Sequence[Any]]) -> tuple[Listed, ...]:
    """The way back."""
    return tuple(
        Listed(name, item, points, claim, training, Path(file)) for name, item, points, claim, training, file in rows
    )
