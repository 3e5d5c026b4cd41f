"""What the stages hand to each other: frozen, plain, and free of behaviour that touches the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any


class Status(str, Enum):
    """The closed set of verdicts. Whatever is not PASSED earns nothing; COULD_NOT_CHECK costs nothing."""

    PASSED = "passed"
    FAILED = "failed"
    COULD_NOT_CHECK = "could_not_check"


class Kind(str, Enum):
    """How an item is graded: `code`, `choice` and `number` by checks, `manual` by a person."""

    CODE = "code"
    CHOICE = "choice"
    NUMBER = "number"
    MANUAL = "manual"


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Seconds are wall-clock unless the name says CPU. `retrain_seconds` stands in for
    the limits of cell and notebook when a notebook trains its models anew."""

    cell_seconds: float = 30.0
    total_seconds: float = 180.0
    check_seconds: float = 10.0
    memory_mb: int = 2048
    disk_mb: int = 256
    processes: int = 64
    output_kb: int = 1024
    retrain_seconds: float = 1800.0


@dataclass(frozen=True)
class Submission:
    """One notebook handed in: who, what, and where it lies."""

    student: str
    assignment: str
    path: Path


@dataclass(frozen=True)
class Repair:
    """Something we put right before running: `kind` is one of deleted, duplicated, moved, retyped,
    retagged, edited, kernel, metadata, files; `message` is safe to show the student."""

    kind: str
    cell: str
    message: str


@dataclass(frozen=True)
class Collected:
    """A submission made ready to run: `notebook` is nbformat v4 as plain dict, without outputs,
    in which every release cell is present; `files` are extra regular files (relative name -> bytes)."""

    submission: Submission
    digest: str
    notebook: dict[str, Any]
    repaired: tuple[Repair, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class CellRun:
    """What happened to one code cell: `status` is ok, error, timeout, skipped or died."""

    cell: str
    status: str
    seconds: float
    error: str = ""


@dataclass(frozen=True)
class Execution:
    """A notebook after its run. `ended` is "" when the process lived on, else why it ended
    (exit, memory, time, killed), in words that are safe for students."""

    notebook: dict[str, Any]
    cells: tuple[CellRun, ...]
    seconds: float
    cpu_seconds: float = 0.0
    ended: str = ""


@dataclass(frozen=True)
class CheckResult:
    """One check's verdict. `message`, `hint`, `picture`, `mistake` are safe for the student;
    `detail` is for the instructor only. `carried` is true when the check was passed with reference
    versions of earlier items."""

    name: str
    item: str
    status: Status
    points: float
    max_points: float
    claim: str = ""
    message: str = ""
    hint: str = ""
    picture: str = ""
    mistake: str = ""
    detail: str = ""
    carried: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class ItemGrade:
    """One item's score. `status` is passed, partial, failed, could_not_check, or needs_manual_grade.
    `pending` are points that nobody has decided yet (manual, or could not be checked)."""

    id: str
    title: str
    kind: Kind
    cell: str
    score: float
    max_score: float
    status: str
    pending: float = 0.0
    explanation: str = ""
    checks: tuple[CheckResult, ...] = ()


@dataclass(frozen=True)
class Grade:
    """The whole result of one submission. `score` and `max_score` count automatically graded items;
    `manual_max` what a person still grades. `error` is "" or a sentence for student and instructor;
    `flagged` asks the instructor to look."""

    student: str
    assignment: str
    digest: str
    score: float
    max_score: float
    items: tuple[ItemGrade, ...]
    manual_max: float = 0.0
    pending: float = 0.0
    repaired: tuple[Repair, ...] = ()
    error: str = ""
    flagged: bool = False
    seed: int = 0
    sandbox: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    cells: tuple[CellRun, ...] = ()
    notebook: dict[str, Any] = field(default_factory=dict)
