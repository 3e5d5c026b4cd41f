"""A course's questions: every file of exams/bank/, Python for numbers and TOML for statements."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.questions.pools import read_pools
from autograder.questions.templates import MARK, Template

BANK = Path("exams") / "bank"
Bank = Mapping[str, Template]
"""Id -> template, in the order of the ids."""


def load_bank(root: Path) -> Bank:
    """The bank of a course. Raises AssignmentError for a file that cannot be used, two questions of one id, and for a
    course without questions."""
    folder = root / BANK
    found: dict[str, Template] = {}
    for path in sorted(folder.glob("*")):
        if path.suffix not in (".py", ".toml") or path.name.startswith((".", "_")):
            continue
        for template in _imported(path) if path.suffix == ".py" else read_pools(path):
            if template.id in found:
                raise AssignmentError(path, template.id, "expected one question of this id in the bank")
            found[template.id] = template
    if not found:
        raise AssignmentError(folder, "questions", "expected files of templates; docs/exam.md shows how one is written")
    return dict(sorted(found.items()))


def _imported(path: Path) -> Iterator[Template]:
    spec = importlib.util.spec_from_file_location(f"seq2grade_bank_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise AssignmentError(path, "import", "expected a Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise AssignmentError(path, "import", f"{type(error).__name__}: {error}") from error
    for value in vars(module).values():
        if isinstance(found := getattr(value, MARK, None), Template):
            yield found
