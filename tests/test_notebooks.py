"""Which section of a notebook a cell stands in."""

from __future__ import annotations

from typing import Any

from autograder.notebooks import sections


def prose(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def cell(grade_id: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": grade_id}}, "source": ["# 9 no heading"]}


def test_a_cell_has_the_number_of_the_heading_above_it() -> None:
    """The last numbered heading counts; a smaller one without a number belongs to it, an equal one ends it."""
    cells = [
        prose("# A title"), cell("before"), prose("# Part 2: The model\n\n## 2.1 Heads\n\nSome words"), cell("heads"),
        prose("### Hints"), cell("hinted"), prose("words"), cell("still"), prose("## 2.2 Blocks"), cell("blocks"),
        prose("## And then"), cell("after"), prose("# The end"), cell("end"),
        prose("```\n# 7 no heading\n```\n\n#8 neither"), cell("fenced"),
    ]  # fmt: skip
    found = sections({"cells": cells})
    assert found == {"heads": "2.1", "hinted": "2.1", "still": "2.1", "blocks": "2.2", "after": "2"}
