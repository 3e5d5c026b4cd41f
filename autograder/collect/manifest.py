"""The cells of a release, and what each is for: the yardstick that submissions are matched against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Role(str, Enum):
    """What a release cell is for."""

    SOLUTION = "solution"
    TEST = "test"
    READONLY = "readonly"
    MANUAL = "manual"
    TASK = "task"
    PLAIN = "plain"


@dataclass(frozen=True)
class ReleaseCell:
    """One cell of the release at place `order`. `grade_id` is "" for plain cells; `id` is never empty."""

    order: int
    grade_id: str
    id: str
    role: Role
    type: str
    source: str
    metadata: Mapping[str, Any]
    attachments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The source without the blank space around it."""
        return self.source.strip()

    @property
    def is_locked(self) -> bool:
        """Whether the release text always wins: tests, read-only cells and tasks."""
        return self.role in (Role.TEST, Role.READONLY, Role.TASK)

    @property
    def is_answer(self) -> bool:
        """Whether the student's text always wins, and stays where the student put it."""
        return self.role in (Role.SOLUTION, Role.MANUAL)

    @property
    def nbgrader(self) -> Mapping[str, Any]:
        found = self.metadata.get("nbgrader")
        return found if isinstance(found, Mapping) else {}

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(self.metadata.get("tags", ()))

    @property
    def title(self) -> str:
        """How a message to a student names the cell."""
        if self.grade_id:
            return self.grade_id
        first = self.text.splitlines()[0] if self.text else "an empty cell"
        return f'"{first[:40]}"'


def manifest(release: Mapping[str, Any]) -> tuple[ReleaseCell, ...]:
    """The cells of a release notebook (nbformat 4 as dict) in order."""
    return tuple(_cell(order, cell) for order, cell in enumerate(release["cells"]))


def _cell(order: int, cell: Mapping[str, Any]) -> ReleaseCell:
    metadata = cell.get("metadata", {})
    nbgrader = metadata.get("nbgrader", {})
    source = cell["source"]
    return ReleaseCell(
        order=order,
        grade_id=nbgrader.get("grade_id", ""),
        id=cell.get("id") or f"release-{order}",
        role=_role(nbgrader),
        type=cell["cell_type"],
        source=source if isinstance(source, str) else "".join(source),
        metadata=metadata,
        attachments=cell.get("attachments", {}),
    )


def _role(nbgrader: Mapping[str, Any]) -> Role:
    if nbgrader.get("task"):
        return Role.TASK
    if nbgrader.get("solution"):
        return Role.MANUAL if nbgrader.get("grade") else Role.SOLUTION
    if nbgrader.get("grade"):
        return Role.TEST
    return Role.READONLY if nbgrader.get("locked") else Role.PLAIN
