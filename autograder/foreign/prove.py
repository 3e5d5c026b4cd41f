"""Each check that was carried over is tried: on the solution, on the blank notebook, and on answers that are none."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder.assignment import Assignment, load_assignment
from autograder.build import build_assignment
from autograder.build.source import from_text
from autograder.errors import Seq2gradeError
from autograder.foreign.texts import Made
from autograder.judge.blunt import how_blunt
from autograder.judge.ports import in_process
from autograder.judge.run import run_check
from autograder.judge.trusted import Trusted
from autograder.model import CheckResult, Status
from autograder.reference import at_work, blank_namespace, reference_namespace

_SEED = 1


def prove(folder: Path, made: Sequence[Made]) -> tuple[dict[str, str], tuple[str, ...]]:
    """(check -> why it cannot stay, what keeps the assignment from building as it is). Runs the notebook's code."""
    refused: dict[str, str] = {}
    try:
        assignment = load_assignment(folder)
        trusted = Trusted.load(assignment)
        with at_work(assignment):
            space = reference_namespace(assignment)
            for check in trusted.checks:
                result = run_check(check, in_process(space), _SEED)
                if result.status is not Status.PASSED:
                    refused[check.name] = f"the notebook's own solution does not pass it ({_brief(result)})"
                elif how := how_blunt(check):
                    refused[check.name] = how
            refused |= _unearned(assignment, trusted, refused)
    except Seq2gradeError as error:
        return refused, tuple(str(error).splitlines())
    return refused, ()


def _unearned(assignment: Assignment, trusted: Trusted, known: dict[str, str]) -> dict[str, str]:
    """The checks that the notebook passes as students get it."""
    points: dict[str, dict[str, float]] = {}
    for check in trusted.checks:
        points.setdefault(check.item, {})[check.name] = check.points
    with tempfile.TemporaryDirectory(prefix="seq2grade-import-") as place:
        built = build_assignment(assignment, points, Path(place))
        bare = blank_namespace(assignment, from_text(built.files[1].read_text(encoding="utf-8")))
    passed = [c for c in trusted.checks if c.name not in known]
    passed = [c for c in passed if run_check(c, in_process(bare), _SEED).status is Status.PASSED]
    return {check.name: "it passes before anything is answered" for check in passed}


def _brief(result: CheckResult) -> str:
    lines = [line.strip() for line in result.detail.splitlines() if line.strip() and not line.startswith("seed ")]
    if result.status is Status.COULD_NOT_CHECK:  # what broke is the check, by what came back
        return f"it breaks: {lines[-1] if lines else result.message}"[:300]
    return " ".join(f"{result.message} {lines[0] if lines else ''}".split())[:300]
