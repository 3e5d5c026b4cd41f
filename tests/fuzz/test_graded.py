"""A sample of the same notebooks, graded for real: each gets one decided grade, and pages that say what was wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from autograder.export.results import dumps
from autograder.pipeline import grade_submission
from autograder.report.feedback import write_feedback
from tests.courses import Grader
from tests.fuzz.bounds import assert_clear
from tests.fuzz.notebooks import notebooks

pytest_plugins = ["tests.courses"]
SHARE = 20  # one of so many: each takes a sandbox


@settings(
    max_examples=settings().max_examples // SHARE,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(some.data())
def test_any_notebook_gets_one_grade(grader: Grader, tmp_path: Path, data: Any) -> None:
    """No point is left open, and nothing that a student wrote stops what comes after grading."""
    raw = data.draw(notebooks(lambda: grader.demo.solved("chain")))
    submission = grader.demo.hand_in("someone", "", "chain")
    submission.path.write_bytes(raw)
    grade = grade_submission(grader.course, submission, seed=1)
    assert grade.pending == 0.0, grade
    assert 0.0 <= grade.score <= grade.max_score == 6.0
    if not grade.cells:
        assert_clear(grade.error)
    for page in write_feedback(grade, tmp_path / "feedback", title="chain"):
        assert page.stat().st_size < 5 * 2**20
    json.loads(dumps([grade]))
