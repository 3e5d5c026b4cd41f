"""A notebook of the course on a student's disk, and what can be seen of it without running it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from seq2kit import homework, looks

from tests.kit.sample_homework import at, cell, filled, given, save, without_marks


def told(work: homework.Homework, *modules: str) -> str:
    return "\n".join(f"{one.kind}: {one.text}" for one in looks.look(work, modules))


def test_it_tells_what_is_answered(tmp_path: Path) -> None:
    """Untouched, emptied, or a stub without its comment: not answered. Anything else is an answer."""
    assert save(tmp_path, given()).unanswered == {"one", "two", "three", "why"}
    notebook = filled(two="def two(x):\n    raise NotImplementedError()\n\n", three="", why="# A heading says it all")
    assert save(tmp_path, notebook).unanswered == {"two", "three"}


def test_the_right_file_is_found(tmp_path: Path) -> None:
    """The only notebook of the course in a folder needs no name; two, or none, are asked about."""
    save(tmp_path, given())
    (tmp_path / "notes.ipynb").write_text("{}")
    assert homework.find(tmp_path) == tmp_path / "hw.ipynb"
    save(tmp_path, given(), "hw-Copy1.ipynb")
    with pytest.raises(homework.NotHomework, match=r"hw-Copy1.ipynb, hw.ipynb"):
        homework.find(tmp_path)
    with pytest.raises(homework.NotHomework, match="no file"):
        homework.find(tmp_path / "gone.ipynb")
    (tmp_path / "empty").mkdir()
    with pytest.raises(homework.NotHomework, match="no notebook of the course"):
        homework.find(tmp_path / "empty")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "null",
        "\x00",
        "[" * 5000,
        '{"cells": 3, "metadata": {}, "nbformat": 4}',
        '{"cells": [{}], "metadata": {}, "nbformat": 4}',
        '{"cells": [], "metadata": {"seq2grade": {"assignment": "a", "cells": [3]}}, "nbformat": 4}',
        '{"cells": [], "metadata": {"seq2grade": {"assignment": "../../evil", "cells": []}}, "nbformat": 4}',
    ],
)
def test_what_is_no_notebook_is_said(tmp_path: Path, text: str) -> None:
    """Whatever lies in the file, one sentence says what to do."""
    path = tmp_path / "x.ipynb"
    path.write_text(text)
    with pytest.raises(homework.NotHomework, match=r"x.ipynb"):
        homework.read(path)


def test_a_notebook_that_lost_its_marks_is_said(tmp_path: Path) -> None:
    """Some programs drop the metadata: nothing is guessed, and the way out is named."""
    (tmp_path / "hw.ipynb").write_text(json.dumps(without_marks(filled())))
    with pytest.raises(homework.NotHomework, match="copy your answers over"):
        homework.read(tmp_path / "hw.ipynb")


def test_nothing_is_said_of_good_work(tmp_path: Path) -> None:
    """Right answers and a cell of one's own that uses what the kit brings."""
    assert looks.look(save(tmp_path, filled("import json, torch, numpy.linalg as la\nfrom PIL import Image"))) == []


def test_what_the_grader_would_put_right_is_told(tmp_path: Path) -> None:
    """Cells that are missing, doubled, changed or moved, each by its name; only what may cost points is a problem."""
    notebook = filled()
    cells = notebook["cells"]
    at(notebook, "test-one")["source"] = "pass"
    cells.remove(at(notebook, "setup"))
    cells.remove(at(notebook, "three"))
    moved = at(notebook, "two")
    cells.remove(moved)
    cells.insert(1, moved)
    cells.append({**at(notebook, "one"), "id": "again"})
    said = told(save(tmp_path, notebook))
    assert "problem: Answer cells are missing, or have lost their marks: three." in said
    assert "note: Cells of the course are missing: setup." in said
    assert "note: Cells that may not be changed were changed: test-one." in said
    assert "problem: Cells are there more than once: one." in said
    assert "note: Cells are not where they were: two." in said


def test_what_the_grader_will_not_have_is_told(tmp_path: Path) -> None:
    """Places on one's own machine, further packages, installations and questions; not what lies beside the notebook."""
    own = (
        "import sklearn.svm, helpers\ndata = open('/content/drive/data.csv')\n%pip install sklearn\nname = input()",
        "text = '/ is a slash, and ~ a tilde'",
    )
    said = told(save(tmp_path, filled(*own)), "helpers")
    assert "imports sklearn, which the grader may not have" in said
    assert "helpers" not in said
    assert "problem: Your own cell (number 10) names /content/drive/data.csv" in said
    assert "says %pip install sklearn: the grader installs nothing" in said
    assert "asks for input" in said
    assert "number 11" not in said


def test_code_of_the_course_is_not_questioned(tmp_path: Path) -> None:
    """What the course's own cells import is there; and so it is for the student's."""
    notebook = given()
    notebook["cells"].insert(1, cell("code", "extra", "import pandas", locked=True))
    notebook["metadata"]["seq2grade"]["cells"].append(f"extra locked {homework.digest('import pandas')}")
    notebook["cells"].append(cell("code", "", "import pandas as pd"))
    assert "pandas" not in told(save(tmp_path, notebook))


def test_no_text_breaks_it(tmp_path: Path) -> None:
    """Code that is no Python, commands to Jupyter, raw cells, endless nesting."""
    notebook = filled("def f(:", "!ls\n%%bash\nx", "(" * 3000, one="\ud800".encode("utf-8", "replace").decode())
    notebook["cells"].append({"cell_type": "raw", "id": "raw", "metadata": {}, "source": ["a", "b"]})
    assert isinstance(looks.look(save(tmp_path, notebook)), list)
