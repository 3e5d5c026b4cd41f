"""What the build tells a student's own machine about a notebook, in every release of this course."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from seq2kit import homework, looks

from autograder.assignment import find_assignments, load_assignment
from autograder.build.outfit import GOES_ON, folded, priced

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


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_release_runs_to_its_end_and_says_what_tasks_are_worth(folder: Path) -> None:
    """No cell below the first answer stops "run all", none above it is let off; each point stands below one heading."""
    cells = json.loads((ROOT / "release" / folder.name / f"{folder.name}.ipynb").read_text(encoding="utf-8"))["cells"]
    first = next(n for n, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("solution"))
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            assert (GOES_ON in cell["metadata"].get("tags", ())) == (number >= first), "".join(cell["source"])
    marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    lines = re.findall(r"^#+ .*\n\n\*([\d.]+ points?\b.*)\*$", text, re.MULTILINE)
    named = [float(price.split()[0]) for line in lines for price in line.split(" · ")]
    assert sum(named) == sum(mark["points"] for mark in marks if mark.get("grade"))


def cell(text: str, points: float = 0, person: bool = False) -> dict[str, Any]:
    mark = {"nbgrader": {"grade": True, "points": points, "solution": person}} if points else {}
    return {"cell_type": "markdown" if not points or person else "code", "metadata": mark, "source": text}


def test_prices_stand_under_the_last_heading_above_the_task() -> None:
    """Several tasks under one heading share its line; prose and answers that look like headings get none."""
    cells = [
        cell("# Title\n\ntext\n\n## 1. Task\n\nmore"), cell("prose"), cell("tests", 2.5),
        cell("# my own answer", 1, True), cell("## 2. Nothing to gain"), cell("## 3. Last"), cell("tests", 4),
    ]  # fmt: skip
    texts = [one["source"] for one in priced({"cells": cells})["cells"]]
    assert texts[0] == "# Title\n\ntext\n\n## 1. Task\n\n*2.5 points · 1 point, read by a person*\n\nmore"
    assert texts[5] == "## 3. Last\n\n*4 points*"
    assert [texts[n] for n in (1, 2, 3, 4, 6)] == [cells[n]["source"] for n in (1, 2, 3, 4, 6)]


def test_a_price_tells_how_long_it_takes_where_that_is_known() -> None:
    """Each task has a time of its own; one without says what it is worth, and no more."""
    cells = [cell("## 1. Task"), cell("tests", 2), cell("own words", 1, True)]
    cells[1]["metadata"]["nbgrader"]["grade_id"] = "quick-tests"
    assert priced({"cells": cells}, {"quick-tests": 1})["cells"][0]["source"] == (
        "## 1. Task\n\n*2 points, about 1 minute · 1 point, read by a person*"
    )


def test_hints_and_traps_unfold() -> None:
    """A paragraph that begins as a hint or trap is folded with its lines; other prose and written answers stay."""
    text = "**Why.** So.\n\n**A trap.** The shape is right:\n- all the same.\n\n**Your task.** Do it. **Hint.** None."
    own = cell("**Hint.** My own.", 1, True)
    prose, answer = (one["source"] for one in folded({"cells": [cell(text), own]})["cells"])
    assert prose == (
        "**Why.** So.\n\n"
        "<details><summary><b>A trap</b></summary>\n\nThe shape is right:\n- all the same.\n\n</details>\n\n"
        "**Your task.** Do it. **Hint.** None."
    )
    assert answer == own["source"]


def test_the_solution_may_not_fail_anywhere() -> None:
    """What lets a half-written notebook run to its end would hide that a solution does not."""
    for path in ROOT.glob("solutions/*/*.ipynb"):
        assert GOES_ON not in path.read_text(encoding="utf-8"), path.name
