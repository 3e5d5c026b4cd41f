"""A student's notebook: the released form with this student's questions written into it; and one to practise with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import nbformat

from autograder.exam.sheet import Sheet
from autograder.notebooks import copy_of, source_of
from autograder.questions.templates import Asked, Question

_QUESTION = re.compile(r"## Question (\d+)\n")


def booklet(release: Mapping[str, Any], sheet: Sheet) -> dict[str, Any]:
    """The release with the questions of `sheet`: prose only, so it is matched and graded as the release is."""
    asked = {one.name: one for one in sheet.questions}
    titles = {questions[0].name: title for title, questions in sheet.sections}
    notebook = copy_of(dict(release))
    first = True
    setup = next(n for n, cell in enumerate(notebook["cells"]) if cell["id"] == "setup")
    notebook["cells"].insert(setup + 1, _clock(sheet))
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown":
            continue
        found = _QUESTION.match(source_of(cell))
        if first:
            cell["source"], first = _head(sheet), False
        elif found:
            one = asked[f"q{found[1]}"]
            cell["source"] = (f"# {titles[one.name]}\n\n" if one.name in titles else "") + _asked(one)
    return notebook


def _head(sheet: Sheet) -> str:
    rules = "\n".join(f"- {rule}" for rule in sheet.rules)
    return (
        f"# {sheet.title}\n\n**{_plain(sheet.student)}** · {sheet.head}\n\n{rules}\n"
        "- Each answer goes into the cell below its question, as text or as a number that Python computes. The cell "
        "after it says how the answer is read, not whether it is right.\n"
        f"- Hand in this notebook as {sheet.exam}.ipynb."
    )


def _clock(sheet: Sheet) -> dict[str, Any]:
    source = f'quiz.clock("{sheet.until.isoformat()}")  # run me: how much time is left'
    cell: dict[str, Any] = nbformat.v4.new_code_cell(source, id="clock")
    return cell


def _plain(name: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#$])", r"\\\1", name)


def _asked(one: Asked) -> str:
    worth = f"{one.points:g} point{'s' if one.points != 1 else ''}, about {one.minutes} minutes"
    options = "".join(f"\n- **{chr(97 + n)}** {text}" for n, text in enumerate(one.options))
    return f"## Question {one.name[1:]}\n\n*{worth}*\n\n{one.text}\n{options}\n\n*{one.how}*"


def practice_notebook(questions: Sequence[Question]) -> dict[str, Any]:
    """A notebook that says at once what is right, and why. It holds its key, and counts for nothing."""
    data = json.dumps([_practised(one) for one in questions], ensure_ascii=False)
    cells: list[Any] = [
        nbformat.v4.new_markdown_cell(
            "# Practice\n\nDrawn from the questions of the exams, with other numbers each time. Answer in the cells; "
            "each says at once what holds, and why. Nothing here is handed in.\n\n"
            "Run the next cell first (do not open it: it holds the answers).",
            id="head",
        ),
        nbformat.v4.new_code_cell(
            f"from seq2kit.quiz import Quiz\n\nquiz = Quiz.load({data!r})", id="quiz",
            metadata={"jupyter": {"source_hidden": True}},
        ),
    ]  # fmt: skip
    for one in questions:
        cells.append(nbformat.v4.new_markdown_cell(_asked(one.asked()), id=f"{one.name}-asked"))
        cells.append(nbformat.v4.new_code_cell(f'quiz.answer("{one.name}", "...");', id=f"{one.name}-answer"))
        hidden = f'quiz.solution("{one.name}")  # run this one when you have tried'
        cells.append(nbformat.v4.new_code_cell(hidden, id=f"{one.name}-solution"))
    cells.append(nbformat.v4.new_code_cell("quiz.score()", id="score"))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook: dict[str, Any] = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return notebook


def _practised(one: Question) -> dict[str, Any]:
    data = asdict(one)
    wanted = ("name", "kind", "options", "key", "tolerance", "unit", "slips", "worked")
    return {name: data[name] for name in wanted}
