"""Papers as they were issued, kept as JSON beside an exam's checks: who was asked what, and what is right.

They are written once. Later changes of the bank leave them alone, so that a paper that was sat stays what it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from autograder.errors import AssignmentError
from autograder.questions.templates import Question

PAPERS = "papers.json"
SPECIMEN = ""
"""Who is nobody: the paper that the course's own solution answers."""


@dataclass(frozen=True)
class Paper:
    """What one student is asked, in order."""

    student: str
    questions: tuple[Question, ...]

    def question(self, name: str) -> Question:
        """That of a name, as q3. Raises KeyError."""
        for one in self.questions:
            if one.name == name:
                return one
        raise KeyError(name)


@dataclass(frozen=True)
class Papers:
    """All papers of an exam. `blueprint` is the digest of what they were drawn from, `chosen` the templates of each
    section, which who comes later gets as well."""

    exam: str
    blueprint: str
    chosen: tuple[tuple[str, ...], ...] = ()
    papers: Mapping[str, Paper] = field(default_factory=dict)

    @property
    def students(self) -> tuple[str, ...]:
        """Who has one, in order."""
        return tuple(sorted(student for student in self.papers if student != SPECIMEN))

    def dump(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


_PAPERS = TypeAdapter(Papers)


def read_papers(path: Path) -> Papers:
    """What was issued. Raises AssignmentError when it is not there or cannot be read."""
    try:
        found = path.stat()
        return _read(path, (found.st_mtime_ns, found.st_size, found.st_ino))
    except OSError as error:
        told = f"expected the papers of an exam ({error.strerror}); `seq2grade exam make` writes them"
        raise AssignmentError(path, "file", told) from error


@lru_cache(maxsize=4)  # each check of each submission asks
def _read(path: Path, stamp: tuple[int, int, int]) -> Papers:
    try:
        return _PAPERS.validate_json(path.read_bytes())
    except ValidationError as error:
        raise AssignmentError(path, "content", f"expected papers as they were written; {error.errors()[0]}") from error
