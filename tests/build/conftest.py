"""A course with one assignment, fresh from the template, that tests edit and build for real."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.assignment import Assignment, load_assignment
from autograder.build import BuildResult, Checks, build_assignment, new_assignment
from autograder.judge import load_checks
from tests.support import spelled_out


@dataclass(frozen=True)
class Course:
    """`root` holds assignments/demo and what is built from it."""

    root: Path
    folder: Path

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the first `old` in a file of the assignment, which must be there."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"the template no longer says {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def load(self) -> Assignment:
        """The assignment as it is on disk now."""
        return load_assignment(self.folder)

    def checks(self) -> Checks:
        """item -> check -> points, as checks.py declares them."""
        table: dict[str, dict[str, float]] = {}
        for check in load_checks(self.folder):
            table.setdefault(check.item, {})[check.name] = check.points
        return table

    def build(self, write: bool = True) -> BuildResult:
        """Build what is on disk now."""
        return build_assignment(self.load(), self.checks(), self.root, write=write)

    def text(self, step: str) -> str:
        """The built notebook of source, release or solutions."""
        return (self.root / step / "demo" / "demo.ipynb").read_text(encoding="utf-8")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path, spelled_out(new_assignment(tmp_path, "demo")))
