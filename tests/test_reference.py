"""Running a reference, as it is and with one answer replaced."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import torch

from autograder.assignment import load_assignment
from autograder.build import new_assignment
from autograder.errors import AssignmentError
from autograder.reference import namespace_with, reference_namespace, solution_cells


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_assignment(tmp_path, "demo")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the template no longer says {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_reference_is_setup_and_solutions(folder: Path) -> None:
    """Test cells and figures are left out; setup and solutions come in order, solutions included."""
    cells = solution_cells(load_assignment(folder))
    assert [grade_id for grade_id, _ in cells] == ["setup", "tempered-softmax", "hot-limit"]
    assert "weights.sum" in cells[1][1]


def test_the_reference_runs_here_and_leaves_no_trace(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its functions work, its prints are swallowed, its figures closed, and the plot backend is put back."""
    edit(
        folder / "notebook.py",
        "answers = {}",
        "answers = {}\nprint('hello')\nbackend = plt.get_backend()\nplt.figure()\nplt.show()",
    )
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
    certain = next(mistake for mistake in assignment.mistakes if mistake.name == "hot_limit_hot_means_certain")
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
    code = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Point:\n    x: float = 1.5\nhot_tau = Point().x"
    )
    assert namespace_with(load_assignment(folder), "hot-limit", code)["hot_tau"] == 1.5
