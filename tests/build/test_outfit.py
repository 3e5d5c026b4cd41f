"""What the build tells a student's own machine about a notebook, in every release of this course."""

from __future__ import annotations

from pathlib import Path

import pytest
from seq2kit import homework, looks

from autograder.assignment import find_assignments, load_assignment

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = find_assignments(ROOT)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_release_describes_itself(folder: Path) -> None:
    """Items, limits and models are those of the assignment; every answer is open, none in the solution; nothing else is
    said of either."""
    assignment = load_assignment(folder)
    release, solution = (
        homework.read(ROOT / step / folder.name / f"{folder.name}.ipynb") for step in ("release", "solutions")
    )
    assert release.assignment == folder.name
    assert [(item.id, item.title, item.answer, item.tests) for item in release.items] == [
        (item.id, item.title, item.answer, item.tests or "") for item in assignment.items
    ]
    assert release.limits == {
        name: getattr(assignment.limits, name) for name in ("cell_seconds", "total_seconds", "memory_mb", "output_kb")
    }
    assert set(release.models) == {name for name in assignment.handed_in() if name.endswith(".safetensors")}
    assert {item.answer for item in assignment.items} <= release.unanswered
    assert solution.unanswered == frozenset()
    assert solution.given == release.given
    assert looks.look(release) == []
    assert [one.text for one in looks.look(solution)] == []


def test_it_travels_through_the_template(course) -> None:
    """A new course has it as well, with cells of every role."""
    course.build()
    made = homework.read(course.root / "release/demo/demo.ipynb")
    assert [item.title for item in made.items] == [item.title for item in course.load().items]
    assert {one.role for one in made.given} == {"locked", "tests", "answer", "written"}
