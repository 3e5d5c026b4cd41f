"""nbgrader's own converters, run in a course directory that exists only for this build."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateAssignment, GenerateSolution
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    IncludeHeaderFooter,
    LockCells,
    NbGraderPreprocessor,
)

from autograder.errors import BuildError


class DropMarks(NbGraderPreprocessor):
    """Takes away the lines that mark a solution: in a markdown cell they would show as headings."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """One cell; see nbconvert.preprocessors.Preprocessor."""
        lines = [line for line in cell.source.split("\n") if not _MARK.match(line)]
        cell.source = "\n".join(lines)
        return cell, resources


_MARK = re.compile(r"^\s*#+\s*(BEGIN|END) SOLUTION\s*$")
# nbgrader's list, except: hidden tests go (solutions are published, and next year's students read them), and
# nothing is run (a fresh kernel takes seconds, and its outputs would not be stored anyway).
_SOLUTION_STEPS = [IncludeHeaderFooter, LockCells, ClearOutput, ClearMarkScheme, ClearHiddenTests, DropMarks]


def convert(assignment_id: str, source: str) -> tuple[str, str]:
    """(release, solutions) of a source notebook, all three as notebook JSON.

    Raises BuildError with nbgrader's own account when it refuses the notebook.
    """
    with tempfile.TemporaryDirectory(prefix="seq2grade-build-") as folder:
        root = Path(folder).resolve()
        path = root / "source" / assignment_id / f"{assignment_id}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(source, encoding="utf-8", newline="\n")
        _start_database(root / "gradebook.db")
        course = CourseDirectory(
            root=str(root),
            assignment_id=assignment_id,
            solution_directory="solutions",
            db_url=f"sqlite:///{root / 'gradebook.db'}",
        )
        _run(GenerateAssignment, course)
        _run(GenerateSolution, course, preprocessors=_SOLUTION_STEPS)
        release, solutions = (
            (root / step / assignment_id / path.name).read_text(encoding="utf-8") for step in ("release", "solutions")
        )
        return release, solutions


def _start_database(path: Path) -> None:
    """A database that is not quite empty: in an empty one nbgrader records the schema's version, for which it
    starts the `alembic` command. That takes a second, and fails where PATH does not lead to it."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.commit()


def _run(converter: Any, course: CourseDirectory, **settings: Any) -> None:
    said = io.StringIO()
    log = logging.Logger("seq2grade.build", logging.WARNING)
    log.addHandler(logging.StreamHandler(said))
    try:
        converter(coursedir=course, log=log, **settings).start()
    except (NbGraderException, SystemExit) as error:
        raise BuildError(f"nbgrader refuses {course.assignment_id}: {error}\n{said.getvalue()}") from error
