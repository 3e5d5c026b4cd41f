"""What the stages hand to each other: frozen, plain, and free of behaviour that touches the world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
    the limits of cell and notebook when a notebook trains its models anew; `judge_seconds` is for all checks together,
    and counts the time of the student's code only. `gpu_memory_mb` is of a GPU's own memory; `cpu_times`: so many times
    as long is everything given where an assignment for a GPU is graded on the CPU."""

    cell_seconds: float = 30.0
    """One cell."""
    total_seconds: float = 180.0
    """The whole notebook."""
    check_seconds: float = 10.0
    """The student's code in one check."""
    memory_mb: int = 2048
    """Memory of all its processes together."""
    disk_mb: int = 256
    """What it may write."""
    processes: int = 64
    """Processes and threads at a time."""
    output_kb: int = 1024
    """What its cells may print and show."""
    retrain_seconds: float = 1800.0
    """A cell, and the notebook, with `grade --retrain`."""
    judge_seconds: float = 300.0
    """The student's code in all checks together."""
    gpu_memory_mb: int = 16_384
    """Of a GPU's own memory."""
    cpu_times: float = 4.0
    """So many times as long is everything given where an assignment for a GPU is graded on the CPU."""

    def slower(self) -> Limits:
        """With each time limit `cpu_times` as long; for work that has been slowed down once already, the same."""
        longer = {name: getattr(self, name) * self.cpu_times for name in _TIMES}
        return replace(self, **longer, cpu_times=1.0)


_TIMES = ("cell_seconds", "total_seconds", "check_seconds", "retrain_seconds", "judge_seconds")


@dataclass(frozen=True)
class Submission:
    """One notebook handed in: who, what, and where it lies.

    `place` is the folder that is this student's alone, None where that is not known; `others` are further files
    there that may be meant; `problem` is "" or why none of them can be graded, for student and instructor. `ours`: it
    is the course's own work (a solution, a mistake on trial) and nobody's."""

    student: str
    assignment: str
    path: Path
    place: Path | None = field(default=None, compare=False)
    others: tuple[Path, ...] = field(default=(), compare=False)
    problem: str = ""
    ours: bool = False


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
    in which every release cell is present; `files` are extra regular files (relative name -> bytes);
    `given` are those of the course, which stand beside it too and cannot be changed; `doubtful` asks a person to look
    whether this is the work that was meant."""

    submission: Submission
    digest: str
    notebook: dict[str, Any]
    repaired: tuple[Repair, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    doubtful: bool = False
    given: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class CellRun:
    """What happened to one code cell: `status` is ok, error, timeout, skipped or died. `cut`: whether it printed more
    than is kept."""

    cell: str
    status: str
    seconds: float
    error: str = ""
    cut: bool = False


@dataclass(frozen=True)
class Execution:
    """A notebook after its run. `ended` is "" when the process lived on, else why it ended
    (exit, memory, time, killed), in words that are safe for students. `doubtful`: cells were left out because the
    process was killed there, and nobody knows by whom."""

    notebook: dict[str, Any]
    cells: tuple[CellRun, ...]
    seconds: float
    cpu_seconds: float = 0.0
    ended: str = ""
    doubtful: bool = False


@dataclass(frozen=True)
class CheckResult:
    """One check's verdict. `message`, `hint`, `picture`, `mistake` are safe for the student; `detail` and `thinks` (the
    misconception behind `mistake`) are for the instructor only. `carried` is true when the check was passed with
    reference versions of earlier items; `odd` when what came back broke it: failed or not, somebody should look.
    `given` says with what the code was called that raised: names, shapes and dtypes."""

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
    odd: bool = False
    seconds: float = 0.0
    given: str = ""
    thinks: str = ""


@dataclass(frozen=True)
class ItemGrade:
    """One item's score. `status` is passed, partial, failed, not_started, could_not_check, or needs_manual_grade.
    `pending` are points that nobody has decided yet (manual, or could not be checked). `answer` is the grade_id of the
    answer's cell, `section` the number of the heading under which it stands.

    What a person added, as the gradebook has it: `person` are the points that count instead of the checks' (a manual
    score or an override), None where nobody gave any; `extra` is extra credit; `comment` is safe for the student.
    `rubric` (Markdown) says by what a person grades, `reference` (Markdown) is the course's own answer. `edition` is
    the digest of what decides the item (see item_edition.py); "" where nobody knows."""

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
    person: float | None = None
    extra: float = 0.0
    comment: str = ""
    rubric: str = ""
    reference: str = ""
    answer: str = ""
    section: str = ""
    edition: str = ""

    @property
    def waits(self) -> bool:
        """Whether a person has still to read this answer."""
        return self.kind is Kind.MANUAL and self.person is None and self.status != "not_started"

    @property
    def points(self) -> float:
        """What the item counts in the end: a person's points where there are any, else those of its checks."""
        return (self.score if self.person is None else self.person) + self.extra


@dataclass(frozen=True)
class Grade:
    """The whole result of one submission. `score` and `max_score` count automatically graded items;
    `manual_max` what a person still grades. `error` is "" or a sentence for student and instructor;
    `flagged` asks the instructor to look; `unanswered` are the answer cells (grade_ids) that nobody answered, there or
    elsewhere in the notebook; `device` is the one it ran on, `time_factor` how many times as long its time limits were
    there as the assignment says. `penalty` are points off for handing in late and `late`
    the sentence that says why, both by the gradebook's policy; `edition` is the digest of the assignment's files;
    `settings` names what else decided beside the seed (see Course.settings).
    """

    student: str
    assignment: str
    digest: str
    score: float = 0.0
    max_score: float = 0.0
    items: tuple[ItemGrade, ...] = ()
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
    unanswered: frozenset[str] = frozenset()
    device: str = "cpu"
    penalty: float = 0.0
    late: str = ""
    edition: str = ""
    settings: str = ""
    time_factor: float = 1.0

    def with_items(self, items: Sequence[ItemGrade]) -> Grade:
        """The grade with these items and what they add up to. Nobody else adds up a grade."""
        automatic = [item for item in items if item.kind is not Kind.MANUAL]
        return replace(
            self,
            items=tuple(items),
            score=sum(item.score for item in automatic),
            max_score=sum(item.max_score for item in automatic),
            manual_max=sum(item.max_score for item in items if item.kind is Kind.MANUAL),
            pending=sum(item.pending for item in automatic),
        )

    @property
    def waiting(self) -> float:
        """Of `manual_max`, what nobody has read yet."""
        read = sum(item.max_score for item in self.items if item.kind is Kind.MANUAL and not item.waits)
        return max(0.0, self.manual_max - read)

    @property
    def by_person(self) -> float:
        """What people gave, on top of what the checks gave; below zero where they took more away."""
        return sum(item.points - (0.0 if item.kind is Kind.MANUAL else item.score) for item in self.items)

    @property
    def total(self) -> float:
        """Checks and people together, less what handing in late costs; never below zero."""
        return max(0.0, self.score + self.by_person - self.penalty)

    @property
    def total_max(self) -> float:
        """What `total` is out of: everything but the answers that wait for a person."""
        return self.max_score + self.manual_max - self.waiting
