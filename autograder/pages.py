"""What nbgrader's own pages show beside the notebook: the rubric for who grades, a person's points for the student.

formgrader and generate_feedback both export the notebooks of autograded/ with this step (nbgrader_config.py). Rubric
and reference answer are added while formgrader shows a page; they stand in no file, so no page of a student's has them.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, v4

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import read_toml
from autograder.build.outputs import described
from autograder.deadlines import deadline
from autograder.errors import Seq2gradeError
from autograder.gradebook import CourseGradebook
from autograder.gradebook.late import LatePolicy
from autograder.gradebook.standing import Marked, Standing, reference_of, rubric_of
from autograder.model import Kind


class Pages(Preprocessor):
    """A step of HTMLExporter's (`c.HTMLExporter.preprocessors`)."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook for whoever is going to read it, its figures with their captions as alternative text."""
        for output in (output for cell in nb.cells for output in cell.get("outputs", ())):
            if "data" in output:
                output.metadata.update(described(output.data))
        if "submission_id" in resources:  # formgrader's pages have one
            nb.cells = self._with_rubrics(nb.cells, _root(resources), resources["assignment_id"])
        elif "db_url" in resources.get("nbgrader", {}):
            _tell_what_stands(nb, self._standing(resources["nbgrader"], _root(resources)))
        return nb, resources

    def _with_rubrics(self, cells: list[Any], root: Path, name: str) -> list[Any]:
        try:
            assignment = load_assignment(root / "assignments" / name)
        except Seq2gradeError as error:
            self.log.warning("No rubrics are shown: %s", error)
            return cells
        shown = []
        told = {item.answer: _told(assignment, item.id) for item in assignment.items if item.kind is Kind.MANUAL}
        for cell in cells:
            shown.append(cell)
            text = told.get(_grade_id(cell))
            if text:
                shown.append(v4.new_markdown_cell(text))
        return shown

    def _standing(self, names: Any, root: Path) -> Standing:
        """A person may have graded since handing in late was counted: that is done anew."""
        student, assignment = names["student"], names["assignment"]
        path = root / "assignments" / assignment / "assignment.toml"
        policy = LatePolicy(self.config)
        with CourseGradebook(names["db_url"], policy=policy) as book:
            book.remember(assignment, deadline(root, assignment, read_toml(path).due if path.is_file() else None))
            book.settle(assignment, student)
            for why in policy.faults.values():
                self.log.warning("Nothing is taken off for handing in late: %s", why)
            return book.standing(assignment, student).get(student, Standing())


def _root(resources: Any) -> Path:
    """The course of the notebook that is shown, autograded/<student>/<assignment>/...; a server may know several."""
    return Path(resources["metadata"]["path"]).resolve().parents[2]


def _told(assignment: Assignment, id: str) -> str:
    item = assignment.item(id)
    parts = [f"**{item.title}**: how it is graded. Students do not see this here."]
    if item.rubric:
        parts.append(rubric_of(item))
    reference = reference_of(assignment, item)
    if reference:
        parts.append(f"**Reference answer**\n\n{reference}")
    return "\n\n".join(parts)


def _tell_what_stands(nb: Any, standing: Standing) -> None:
    """A person's points stand above what the checks found, and lateness on top, so that all numbers agree."""
    for cell in nb.cells:
        mark = cell.metadata.get("nbgrader", {})
        marked = standing.cells.get(_grade_id(cell), Marked())
        said = _said(marked, float(mark.get("points", 0.0)))
        if mark.get("grade") and cell.cell_type == "code" and said:
            data = {"text/html": f"<div><strong>{html.escape(said)}</strong></div>", "text/plain": said}
            cell.outputs.append(v4.new_output("display_data", data))
    if standing.late is not None:
        nb.cells.insert(0, v4.new_markdown_cell(standing.late.sentence()))


def _said(marked: Marked, most: float) -> str:
    parts = []
    if marked.points is not None:
        parts.append(f"Your instructor gave {marked.points:g} of {most:g} points, which count instead of the checks'.")
    if marked.extra:
        parts.append(f"Your instructor added {marked.extra:g}.")
    return " ".join(parts)


def _grade_id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
