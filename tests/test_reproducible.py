"""The same work and seed give the same verdicts: run twice, in another order, beside other work, by more workers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Course
from autograder.export.results import results
from autograder.fleet.local import grade_many
from autograder.model import Submission
from autograder.notebooks import replace_cell
from autograder.sandbox.client import Zygote
from tests.courses import LIMITS, Demo
from tests.faults.course import hand_in
from tests.test_resume import timeless

pytest_plugins = ["tests.courses"]
ROOT = Path(__file__).resolve().parents[1]
REAL = "concepts"
SEED = 11


def graded(course: Course, work: Sequence[Submission], jobs: int) -> dict[str, Any]:
    """Student -> all that the results say of him or her, but for how long it took."""
    found = list(grade_many(course, work, jobs=jobs, seed=SEED))
    entries = {grade.student: timeless(results([grade])["submissions"][0]) for grade in found}
    assert len(entries) == len(work)
    return entries


def test_a_class_is_graded_alike_in_any_order_by_any_number(demo: Demo, warm_zygote: Zygote) -> None:
    """Right, wrong, broken, loud and slow work: forwards by one worker, backwards by three, and once more; messages,
    explanations and repairs included. A course that is opened anew has other judges, and says the same."""
    hand_in(demo, 10)
    work = [Submission(path.parents[1].name, "chain", path) for path in sorted(demo.root.glob("submitted/*/*/*.ipynb"))]
    first = graded(Course(demo.root, warm_zygote, LIMITS), work, 1)
    assert len({entry["score"] for entry in first.values()}) > 2
    course = Course(demo.root, warm_zygote, LIMITS)
    assert graded(course, work[::-1], 3) == first
    assert graded(course, work[5:], 2) == {one.student: first[one.student] for one in work[5:]}


@pytest.mark.long
def test_a_real_assignment_is_graded_alike(tmp_path: Path, warm_zygote: Zygote) -> None:
    """Its solution, and the same with a wrong answer, each alone and side by side in another order."""
    course = Course(ROOT, warm_zygote)
    prepared, solution = course.prepare(REAL), course.solution(REAL)
    mistake = prepared.assignment.mistakes[0]
    work = []
    for student, notebook in (("right", solution), ("wrong", replace_cell(solution, mistake.cell, mistake.code))):
        path = tmp_path / student / REAL / f"{REAL}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        for name, content in prepared.assignment.handed_in().items():
            (path.parent / name).parent.mkdir(parents=True, exist_ok=True)
            (path.parent / name).write_bytes(content)
        work.append(Submission(student, REAL, path))
    first = graded(course, work, 1)
    assert first["right"]["score"] == first["right"]["max_score"] > first["wrong"]["score"]
    assert graded(course, work[::-1], 2) == first
