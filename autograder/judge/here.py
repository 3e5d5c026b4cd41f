"""The same checks in this very process, for plain nbgrader or otter without a sandbox.

No isolation: a student can read and forge everything here. Use it to try out an assignment.
"""

from __future__ import annotations

import contextlib
import io
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.assignment import load_assignment
from autograder.errors import AssignmentError
from autograder.judge.evaluate import evaluate
from autograder.judge.ports import LocalPort, References
from autograder.judge.trusted import Trusted
from autograder.model import Status


def find_course(start: Path | None = None) -> Path:
    """The folder that holds `assignments/`: SEQ2GRADE_COURSE, or this folder or one above it.

    Raises AssignmentError when there is none."""
    named = os.environ.get("SEQ2GRADE_COURSE")
    here = (start or Path.cwd()).resolve()
    candidates = [Path(named)] if named else [here, *here.parents]
    for folder in candidates:
        if (folder / "assignments").is_dir():
            return folder.resolve()
    raise AssignmentError(candidates[0], "assignments", "expected a course folder; set SEQ2GRADE_COURSE to yours")


def check_here(assignment: str, item: str, namespace: dict[str, Any], checks: list[str] | None = None) -> float:
    """Judge one item on `namespace` (usually globals()). Returns the points, as nbgrader's partial credit.

    Prints what failed, in words for students. Raises AssignmentError for names that do not exist."""
    folder = find_course() / "assignments" / assignment
    trusted = Trusted.load(load_assignment(folder))
    known = {c.name for c in trusted.checks_of(item)}
    if not known:
        raise AssignmentError(folder, item, "expected the id of an automatically graded item")
    if checks is not None and set(checks) != known:
        raise AssignmentError(folder, item, f"expected the hidden checks of this item, got {sorted(checks)}")

    @contextlib.contextmanager
    def open_port(references: References, inline: bool = False) -> Iterator[LocalPort]:
        before = {name: namespace[name] for name in references if name in namespace}
        nowhere = io.StringIO()  # what an answer prints may show hidden inputs
        try:
            with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
                yield LocalPort(namespace, references)
        finally:
            for name in references:  # no way to the reference stays behind
                namespace.pop(name, None)
            namespace.update(before)

    results = evaluate(trusted, open_port, secrets.randbits(31), (item,))
    for result in results:
        if result.status is not Status.PASSED:
            print(f"- {result.mistake or result.message} {result.hint}".rstrip())
    return sum(result.points for result in results)
