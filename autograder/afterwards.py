"""One run of `seq2grade report`: results and pages anew from what was graded and what people added since. No notebook
is run, and no automatic score changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.assignment import find_assignments, load_assignment
from autograder.batch import Done, write_reports
from autograder.deadlines import deadline
from autograder.errors import AssignmentError, CollectError
from autograder.gradebook import CourseGradebook, database_url
from autograder.gradebook.kept import all_kept, is_genuine
from autograder.gradebook.late import LatePolicy, course_config
from autograder.gradebook.standing import Standing, with_standing
from autograder.model import Grade
from autograder.report.plain import plain
from autograder.saving import LATE, Faults
from autograder.writing import check_folder

CHANGED = "what was kept of the grade was changed by hand, see `seq2grade verify`"


def report(root: Path, ids: Sequence[str], folder: Path | None) -> Done:
    """The last results of the assignments `ids` (all that were graded when empty), with what stands in the gradebook.

    Raises AssignmentError for an id that is not there, CollectError when nothing was graded, GradebookError."""
    folders = {place.name: place for place in find_assignments(root)}
    for name in ids:
        if name not in folders:
            raise AssignmentError(root / "assignments", name, f"expected one of {', '.join(folders) or 'none yet'}")
    kept: dict[str, tuple[Grade, ...]] = {name: all_kept(root, name) for name in (ids or folders)}
    kept = {name: grades for name, grades in kept.items() if grades}
    if not kept:
        raise CollectError(
            f"nothing was graded here yet: run `seq2grade grade submitted/`, or name another --course than {root}"
        )
    if folder is not None:
        check_folder(folder, "the report")
    assignments = {name: load_assignment(folders[name]) for name in kept}
    faults = Faults()
    with CourseGradebook(database_url(root), policy=LatePolicy(course_config(root))) as book:
        for name, assignment in assignments.items():
            book.remember(name, deadline(root, name, assignment.due))
            book.settle(name)
        standing = {name: book.standing(name) for name in kept}
        for student, why in book.late_faults().items():
            faults.add(LATE, why, student)
    grades = tuple(
        with_standing(grade, standing[name].get(grade.student, Standing()), assignments[name])
        for name, some in kept.items()
        for grade in some
    )
    titles = {name: assignment.title for name, assignment in assignments.items()}
    changed = [
        f"{CHANGED}: {plain(grade.student)[:60]}, {name}"
        for name, some in kept.items()
        for grade in some
        if not is_genuine(root, name, grade.student)
    ]
    notes = [f"gradebook: {book.url}"]
    notes += write_reports(folder, grades, titles, faults) if folder is not None else []
    return Done(grades, tuple(notes), tuple(changed), tuple(faults.lines()))
