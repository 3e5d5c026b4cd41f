"""What a cell is, said in one word: the build writes flags, points and the block of hidden tests."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import load_assignment
from autograder.build import build_assignment, new_assignment
from autograder.errors import AssignmentError
from autograder.judge import load_checks
from tests.support import spelled_out


def built(folder: Path) -> dict[str, Any]:
    """The source notebook of an assignment, and the other two, which must build."""
    checks: dict[str, dict[str, float]] = {}
    for check in load_checks(folder):
        checks.setdefault(check.item, {})[check.name] = check.points
    root = folder.parents[1]
    build_assignment(load_assignment(folder), checks, root, write=True)
    paths = {step: root / step / folder.name / f"{folder.name}.ipynb" for step in ("source", "release", "solutions")}
    return {step: json.loads(path.read_text(encoding="utf-8")) for step, path in paths.items()}


def plain(notebook: dict[str, Any]) -> list[Any]:
    """Its cells without the layout of hidden blocks."""
    return [{**cell, "source": re.sub(r"[\s,]", "", "".join(cell["source"]))} for cell in notebook["cells"]]


def test_a_word_stands_for_all_that_nbgrader_wants(tmp_path: Path) -> None:
    """The template in words compiles to what it compiles to when all is spelled out."""
    words = built(new_assignment(tmp_path / "a", "demo"))
    spelled = built(spelled_out(new_assignment(tmp_path / "b", "demo")))
    assert words["release"] == spelled["release"]
    assert words["solutions"] == spelled["solutions"]
    assert plain(words["source"]) == plain(spelled["source"])


def edited(tmp_path: Path, old: str, new: str, name: str = "notebook.py") -> Path:
    folder = new_assignment(tmp_path, "demo")
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


HOT, SETUP = '# %% answer="hot-limit"', '# %% locked="setup"'
WRONG = [
    (HOT, '# %% answer="hot-limits"', "cell hot-limits", 'did you mean "hot-limit"?'),
    (HOT, '# %% answer="tempered-softmax"', "cell tempered-softmax", "one cell of this grade_id"),
    (HOT, '# %% answer="tempered-softmax" grade_id="other"', "cell other", 'the only answer='),
    (HOT, '# %% answer="hot-limit" tests="hot-limit"', "cell hot-limit", "one of answer and tests"),
    (HOT, '# %% answer=3', "cell 3", "a name in quotes; got 3"),
    (HOT, '# %% anwser="hot-limit"', "cell ", 'did you mean "answer"?'),
    (SETUP, '# %% [markdown] locked="setup"', "cell setup", "expected code in a cell of locked"),
    (SETUP, '# %% locked="setup" nbgrader={"grade_id": "setup"}', "cell setup", "either locked or nbgrader"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "says"), WRONG)
def test_a_word_that_cannot_be_used_is_told(tmp_path: Path, old: str, new: str, key: str, says: str) -> None:
    """The error names the file, the cell and what is expected there."""
    folder = edited(tmp_path, old, new)
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert caught.value.file == folder / "notebook.py"
    assert caught.value.key.startswith(key)
    assert says in caught.value.expected


def test_an_item_without_a_cell_is_told(tmp_path: Path) -> None:
    """The cell that is missing is shown as it would begin."""
    folder = edited(tmp_path, '# %% tests="hot-limit"', "# %%")
    with pytest.raises(AssignmentError, match='begins with # %% tests="hot-limit"; there is none'):
        load_assignment(folder)


def test_what_an_item_submits_is_what_its_solution_defines(tmp_path: Path) -> None:
    """Names of functions and values, and of the table that an entry is set in."""
    assignment = load_assignment(new_assignment(tmp_path, "demo"))
    assert [item.submits for item in assignment.items] == [("tempered_softmax",), ("answers", "hot_tau"), ()]


def parted(tmp_path: Path, *names: str) -> Path:
    """The template with each heading and what follows it in a file of its own."""
    folder = new_assignment(tmp_path, "demo")
    text = (folder / "notebook.py").read_text(encoding="utf-8")
    (folder / "notebook.py").unlink()
    (folder / "notebook").mkdir()
    first, *others = re.split(r"(?m)^(?=# %% \[markdown\]\n# ## [23])", text)
    for name, part in zip(names, (first, *others), strict=True):
        (folder / "notebook" / name).write_text(part, encoding="utf-8")
    return folder


def test_a_notebook_may_be_several_files(tmp_path: Path) -> None:
    """They follow each other by the number in front, and compile to what one file compiles to."""
    whole = built(new_assignment(tmp_path / "a", "demo"))
    assert built(parted(tmp_path / "b", "1_function.py", "2_limit.py", "10_shift.py")) == whole


def test_the_file_of_a_cell_is_told(tmp_path: Path) -> None:
    """An error names the file in which the cell stands, and its line there."""
    folder = parted(tmp_path, "1_function.py", "2_limit.py", "3_shift.py")
    path = folder / "notebook" / "2_limit.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('answer="hot-limit"', 'answer="cold"'), encoding="utf-8")
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert caught.value.file == path
    path.write_text(text, encoding="utf-8")
    cell = load_assignment(folder).cell("hot-limit")
    assert (cell.file, text.splitlines()[cell.line - 2]) == ("notebook/2_limit.py", '# %% answer="hot-limit"')


def test_a_file_without_its_place_is_told(tmp_path: Path) -> None:
    """A name without a number says not where it comes; two places for a notebook are one too many."""
    folder = parted(tmp_path, "1_function.py", "limit.py", "3_shift.py")
    with pytest.raises(AssignmentError, match=r"limit\.py: file name: expected a number in front"):
        load_assignment(folder)
    (folder / "notebook.py").write_text("# %%\n1\n", encoding="utf-8")
    with pytest.raises(AssignmentError, match="there are both"):
        load_assignment(folder)
