"""Loading an assignment folder, and running its reference."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import torch

from autograder.assignment import (
    find_assignments,
    load_assignment,
    namespace_with,
    reference_namespace,
    solution_cells,
)
from autograder.build import new_assignment
from autograder.errors import AssignmentError
from autograder.model import Kind, Limits


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_assignment(tmp_path, "demo")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the template no longer says {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_folder_becomes_frozen_dataclasses(folder: Path) -> None:
    """Every part of the folder arrives under its name, with defaults where the text says nothing."""
    assignment = load_assignment(folder)
    assert (assignment.id, assignment.minutes, assignment.device) == ("demo", 30, "cpu")
    assert assignment.limits == Limits(cell_seconds=20, check_seconds=5)
    assert [item.kind for item in assignment.items] == [Kind.CODE, Kind.CHOICE, Kind.MANUAL]
    assert assignment.item("hot-limit").needs == ("tempered-softmax",)
    assert assignment.item("tempered-softmax").submits == ("tempered_softmax(z, tau)",)
    proof = assignment.item("shift-proof")
    assert (proof.points, proof.tests, [line.points for line in proof.rubric]) == (3, None, [1, 1, 1])
    certain = next(mistake for mistake in assignment.mistakes if mistake.name == "hot_means_certain")
    assert (certain.item, certain.cell) == ("hot-limit", "hot-limit")
    assert certain.caught_by == ("limit_is_recognised", "witness_is_near_the_limit")
    assert certain.code == 'answers["hot-limit"] = {"a"}\nhot_tau = 0.01'
    assert [alternative.name for alternative in assignment.alternatives] == [
        "letters_as_text", "through_logarithms"]
    assert assignment.notebook_path == folder / "notebook.py"


def test_indented_lines_continue_a_header_value(folder: Path) -> None:
    """A value that goes on over indented lines is joined by single spaces."""
    mistake = load_assignment(folder).mistakes[0]
    assert mistake.explain.startswith("Your function changes the scores of its caller.")
    assert mistake.explain.endswith("writes into the tensor that was passed in.")
    assert "  " not in mistake.explain
    assert "\n" not in mistake.explain


def test_assignments_are_found_below_assignments(folder: Path, tmp_path: Path) -> None:
    """Folders with an assignment.toml are found in order of name; others are not assignments."""
    other = new_assignment(tmp_path, "another")
    (tmp_path / "assignments" / "notes").mkdir()
    assert find_assignments(tmp_path) == (other, folder)


TOML_ERRORS = [
    ('kind = "choice"', 'kind = "cod"', "items[1].kind",
     'expected one of code, choice, number, manual; got "cod"'),
    ('title = "What a high temperature does"\n', "", "items[1].title",
     "expected a value; the key is missing"),
    ("minutes = 30", 'minutes = "30"', "minutes", 'expected a valid integer; got "30"'),
    ("minutes = 30", "minutes = 0", "minutes", "expected greater than 0; got 0"),
    ("minutes = 30", "minutes = 30\nweeks = 1", "weeks", "unknown key; expected only device, items, limits"),
    ('device = "cpu"', 'device = "tpu"', "device", 'expected one of cpu, cuda; got "tpu"'),
    ("cell_seconds = 20", "seconds = 20", "limits.seconds", "unknown key; expected only cell_seconds"),
    ("cell_seconds = 20", "cell_seconds = -1", "limits.cell_seconds", "expected a number above 0; got -1"),
    ("cell_seconds = 20", "memory_mb = 1.5", "limits.memory_mb", "expected a whole number above 0; got 1.5"),
    ("cell_seconds = 20", "cell_seconds = inf", "limits.cell_seconds", "expected a number above 0; got inf"),
    ('needs = ["tempered-softmax"]', 'need = ["tempered-softmax"]', "items[1].need", "unknown key"),
    ('needs = ["tempered-softmax"]', 'needs = ["shift-proof"]', "items[1].needs[0]",
     'expected the id of an earlier item; got "shift-proof"'),
    ('id = "hot-limit"', 'id = "tempered-softmax"', "items[1].id", "is taken"),
    ('id = "hot-limit"', 'id = "hot limit"', "items[1].id", "pattern"),
    ('tests = "test-hot-limit"', 'tests = "test-tempered-softmax"', "items[1].tests", "is taken"),
    ('tests = "test-hot-limit"', 'tests = "test-cold"', "items[1].tests",
     'a cell in notebook.py; got "test-cold"'),
    ('tests = "test-hot-limit"\n', "", "items[1].tests", "the key is missing"),
    ('answer = "hot-limit"', 'answer = "hot"', "items[1].answer", 'a cell in notebook.py; got "hot"'),
    ('answer = "hot-limit"', 'answer = "hot-limit"\npoints = 2', "items[1].points",
     "the sum over the item's checks"),
    ("points = 3\n", "", "items[2].points", "the key is missing"),
    ("points = 3\n", "points = 4\n", "items[2].rubric", "add up to 4 points; they make 3"),
    ("{ points = 1, text", "{ points = 1, note", "items[2].rubric[0].text", "the key is missing"),
    ('answer = "shift-proof"', 'answer = "shift-proof"\ntests = "test-hot-limit"', "items[2].tests",
     "is taken"),
    ('answer = "shift-proof"', 'answer = "shift-proof"\ntests = "setup"', "items[2].tests",
     "expected no tests"),
    ("minutes = 30", "minutes =", "syntax", "expected TOML"),
]


@pytest.mark.parametrize(("old", "new", "key", "expected"), TOML_ERRORS)
def test_a_wrong_value_names_file_key_and_what_is_expected(
    folder: Path, old: str, new: str, key: str, expected: str
) -> None:
    """Each kind of mistake in assignment.toml is told with its file, its key, and what belongs there."""
    edit(folder / "assignment.toml", old, new)
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert caught.value.file == folder / "assignment.toml"
    assert caught.value.key == key
    assert expected in caught.value.expected


def test_the_error_reads_as_one_line(folder: Path) -> None:
    """The message is `file: key: expected`, so that an editor can jump to the file."""
    edit(folder / "assignment.toml", 'kind = "manual"', 'kind = "cod"')
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert str(caught.value) == (
        f'{folder}/assignment.toml: items[2].kind: expected one of code, choice, number, manual; got "cod"')


HEADER_ERRORS = [
    ("caught_by: limit", "caught: limit", "caught", "unknown key"),
    ("misconception: a high temperature makes the choice certain\n", "", "misconception",
     "the key is missing"),
    ("item: hot-limit", "item: hot", "item", 'expected one of tempered-softmax, hot-limit; got "hot"'),
    ("item: hot-limit", "item: shift-proof", "item", 'got "shift-proof"'),
    ("cell: hot-limit", "cell: test-hot-limit", "cell",
     'expected one of tempered-softmax, hot-limit; got "test-hot-limit"'),
    ("item: hot-limit", "item: hot-limit\nitem: hot-limit", "item", "given twice"),
    ("item: hot-limit", "item:", "item", "the value is empty"),
    ("limit_is_recognised, ", "limit_is_recognised, limit_is_recognised, ", "caught_by", "different checks"),
    ("limit_is_recognised, ", "limit is recognised, ", "caught_by", 'got "limit is recognised"'),
    ('"""\nitem', '"""\nNotes.\nitem', "header", "expected `key: value` or an indented line; got 'Notes.'"),
    ("hot_tau = 0.01", "hot_tau = )", "line 9", "expected Python"),
    ('answers["hot-limit"] = {"a"}\nhot_tau = 0.01\n', "", "code",
     "expected the source of the replaced cell"),
]


@pytest.mark.parametrize(("old", "new", "key", "expected"), HEADER_ERRORS)
def test_a_wrong_header_names_file_key_and_what_is_expected(
    folder: Path, old: str, new: str, key: str, expected: str
) -> None:
    """Each kind of mistake in the header of a mistake is told with its file and key."""
    path = folder / "mistakes" / "hot_means_certain.py"
    edit(path, old, new)
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert caught.value.file == path
    assert caught.value.key == key
    assert expected in caught.value.expected


def test_an_alternative_has_its_own_header(folder: Path) -> None:
    """An alternative says why it is right, and nothing about being caught."""
    path = folder / "alternatives" / "letters_as_text.py"
    edit(path, "why:", "caught_by: limit_is_recognised\nwhy:")
    with pytest.raises(AssignmentError, match=r"letters_as_text\.py: caught_by: unknown key"):
        load_assignment(folder)


def test_a_mistake_and_an_alternative_may_not_share_a_name(folder: Path) -> None:
    """Names identify solutions in reports, so each is used once."""
    path = folder / "alternatives" / "letters_as_text.py"
    path.rename(path.with_name("hot_means_certain.py"))
    with pytest.raises(AssignmentError, match=r"hot_means_certain\.py: file name: expected an identifier"):
        load_assignment(folder)


NOTEBOOK_ERRORS = [
    ("# %% [markdown]\n# ## 1.", '# %% [markdown] author="me"\n# ## 1.', "cell 3", "only nbgrader and tags"),
    ('"grade_id": "setup"', '"grade_id": "hot-limit"', "cell hot-limit", "one cell of this grade_id"),
    ('"grade_id": "setup", ', "", "cell 2", "with a grade_id"),
]


@pytest.mark.parametrize(("old", "new", "key", "expected"), NOTEBOOK_ERRORS)
def test_a_cell_that_cannot_be_released_is_named(
    folder: Path, old: str, new: str, key: str, expected: str
) -> None:
    """Stray metadata would travel to students, and a doubled grade_id would lose a grade."""
    edit(folder / "notebook.py", old, new)
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert (caught.value.file, caught.value.key) == (folder / "notebook.py", key)
    assert expected in caught.value.expected


def test_a_missing_file_is_named(folder: Path) -> None:
    """Without notebook.py the error names notebook.py."""
    (folder / "notebook.py").unlink()
    with pytest.raises(AssignmentError, match=r"demo/notebook\.py: file: expected a file"):
        load_assignment(folder)


def test_a_folder_name_that_is_no_id_is_refused(folder: Path) -> None:
    """The folder's name becomes a path, a database key and a Python string: it is kept simple."""
    with pytest.raises(AssignmentError, match="folder name"):
        load_assignment(folder.rename(folder.with_name("Demo 1")))


def test_the_reference_is_setup_and_solutions(folder: Path) -> None:
    """Test cells and figures are left out; setup and solutions come in order, solutions included."""
    cells = solution_cells(load_assignment(folder))
    assert [grade_id for grade_id, _ in cells] == ["setup", "tempered-softmax", "hot-limit"]
    assert "weights.sum" in cells[1][1]


def test_the_reference_runs_here_and_leaves_no_trace(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its functions work, its prints are swallowed, its figures closed, and the plot backend is put back."""
    edit(folder / "notebook.py", "answers = {}",
         "answers = {}\nprint('hello')\nbackend = plt.get_backend()\nplt.figure()\nplt.show()")
    monkeypatch.setenv("MPLBACKEND", "svg")
    names = reference_namespace(load_assignment(folder))
    assert names["tempered_softmax"](torch.tensor([0.0, 0.0]), 2.0).tolist() == [0.5, 0.5]
    assert names["answers"] == {"hot-limit": {"b"}}
    assert capsys.readouterr().out == ""
    assert os.environ["MPLBACKEND"] == "svg"
    assert sys.modules["matplotlib.pyplot"].get_fignums() == []


def test_each_run_is_a_fresh_one(folder: Path) -> None:
    """Two reference namespaces share no objects of the notebook."""
    assignment = load_assignment(folder)
    first, second = reference_namespace(assignment), reference_namespace(assignment)
    first["answers"]["hot-limit"] = {"d"}
    assert second["answers"] == {"hot-limit": {"b"}}


def test_a_mistake_comes_to_life_in_place_of_its_cell(folder: Path) -> None:
    """The replaced cell changes, the cells after it see the change, the others stay."""
    assignment = load_assignment(folder)
    certain = next(mistake for mistake in assignment.mistakes if mistake.name == "hot_means_certain")
    names = namespace_with(assignment, certain.cell, certain.code)
    assert names["answers"] == {"hot-limit": {"a"}}
    assert names["tempered_softmax"](torch.tensor([0.0, 0.0]), 2.0).tolist() == [0.5, 0.5]


def test_a_cell_that_fails_is_named(folder: Path) -> None:
    """An exception, and also an exit, in a cell names the notebook, the cell and the error."""
    assignment = load_assignment(folder)
    told = r"notebook\.py: cell hot-limit: expected it to run; "
    for code, name in (("1 / 0", "ZeroDivision"), ("raise SystemExit(3)", "SystemExit"), ("(", "Syntax")):
        with pytest.raises(AssignmentError, match=told + name):
            namespace_with(assignment, "hot-limit", code)
        assert "tempered_softmax" in namespace_with(assignment, "hot-limit", code, go_on=True)


def test_only_cells_of_the_reference_can_be_replaced(folder: Path) -> None:
    """A test cell, or a cell that is not there, is no place for another solution."""
    assignment = load_assignment(folder)
    for cell in ("test-hot-limit", "nowhere", ""):
        with pytest.raises(AssignmentError, match="expected a cell of the reference"):
            namespace_with(assignment, cell, "x = 1")


def test_a_plot_without_a_screen_is_no_reason_to_warn(folder: Path) -> None:
    """Where there is a display, matplotlib warns that Agg shows nothing: here that is what is wanted."""
    code = 'import warnings\nwarnings.warn("FigureCanvasAgg is non-interactive, and thus cannot be shown")'
    assert namespace_with(load_assignment(folder), "hot-limit", code)["answers"] == {}


def test_a_cell_is_compiled_as_in_a_kernel(folder: Path) -> None:
    """No __future__ import of ours reaches the notebook: annotations there are values."""
    code = "def scale(x: 500.0):\n    return x\nhot_tau = scale.__annotations__['x']"
    assert namespace_with(load_assignment(folder), "hot-limit", code)["hot_tau"] == 500.0


def test_a_dataclass_with_text_annotations_works_in_a_cell(folder: Path) -> None:
    """A cell's classes find their module, as they do in a kernel."""
    code = ("from __future__ import annotations\nfrom dataclasses import dataclass\n"
            "@dataclass\nclass Point:\n    x: float = 1.5\nhot_tau = Point().x")
    assert namespace_with(load_assignment(folder), "hot-limit", code)["hot_tau"] == 1.5
