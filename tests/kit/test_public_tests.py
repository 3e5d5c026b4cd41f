"""What students see of public tests: a line for each property, an open answer by its name, their own lines where it
stops."""

from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from seq2kit import public_tests
from seq2kit.public_tests import NotWritten, TestsFailed
from traitlets.config import Config

ROOT = Path(__file__).resolve().parents[2]
TESTS = """
def public_tests_identity():
    for k in (1, 2):
        assert f(k) == k, f"f gives back what it got: {k} became {f(k)}"
    assert f(0) == 0, "zero stays zero"
    x, y = f((3, 5))
    assert (x, y) == (3, 5), f"pairs stay pairs, {x} and {y}"
    print("public tests of 1 passed")


public_tests_identity()
0.75
"""
Run = Callable[..., tuple[Any, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Cells in a fresh IPython, of which the first one has asked for the kit: (IPython's result, what it shows)."""
    monkeypatch.delenv("SEQ2GRADE_GRADING", raising=False)
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)  # another one than that of these tests, of which IPython warns
    # IPython puts a module of its own in this place, with which nothing can be started by multiprocessing any more.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False, "hist_file": ":memory:"}))
    shell.reset(new_session=False)
    monkeypatch.setattr(shell, "showtraceback", lambda *_, **__: print("a whole traceback"))
    public_tests.install()

    def cells(*sources: str) -> tuple[Any, str]:
        result: Any = None
        for source in sources:
            capsys.readouterr()
            result = shell.run_cell(source, store_history=True)
        return result, capsys.readouterr().out

    yield cells
    shell.ast_transformers.clear()


def test_what_holds_is_listed_and_the_cell_keeps_its_value(run: Run) -> None:
    """A line each, also of a test in a loop; the last line of the cell is its value, as in any cell."""
    result, shown = run("def f(x):\n    return x", TESTS)
    assert result.success
    assert result.result == 0.75
    assert shown.startswith("✓ f gives back what it got\n✓ zero stays zero\n✓ pairs stay pairs\n")
    assert "passed" not in shown


def test_each_failure_is_named_and_the_rest_is_tried(run: Run) -> None:
    """The first message of a test is the one to read; the tests below it run all the same."""
    result, shown = run("def f(x):\n    return x if x != 2 else 7", TESTS)
    assert isinstance(result.error_in_exec, TestsFailed)
    assert shown.splitlines()[:3] == [
        "✗ f gives back what it got: 2 became 7",
        "✓ zero stays zero",
        "✓ pairs stay pairs",
    ]
    assert str(result.error_in_exec) == "1 of 3 public tests do not hold yet"


def test_an_open_answer_is_called_so(run: Run) -> None:
    """Below its tests, and in any other cell that needs it."""
    stub = "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    result, _ = run(stub, TESTS)
    assert isinstance(result.error_in_exec, NotWritten)
    assert str(result.error_in_exec) == "○ not written yet: f"
    result, shown = run(stub, "f(2)")
    assert isinstance(result.error_in_exec, NotImplementedError)
    assert shown == "○ not written yet: f; this cell needs it\n"
    assert run("weights = None\nraise NotImplementedError()")[1] == "○ not written yet\n"


def test_an_error_is_told_with_the_students_own_lines(run: Run) -> None:
    """Not those of the test; and where none is the student's, what came back had another form."""
    result, _ = run("def g(x):\n    return x['a']\n\ndef f(x):\n    return g(x)", TESTS)
    told = str(result.error_in_exec).splitlines()
    assert told[0] == "in f, line 5 of its cell: return g(x)"
    assert told[1] == "in g, line 2 of its cell: return x['a']"
    assert told[2].startswith("TypeError: ")
    result, _ = run("def f(x):\n    return x if not isinstance(x, tuple) else 4", TESTS)
    assert "could not go on with what came back (TypeError" in str(result.error_in_exec)


def test_after_a_failure_nothing_is_said_of_what_follows_from_it(run: Run) -> None:
    """A test that cannot go on because an earlier one failed is no news."""
    result, shown = run("def f(x):\n    return 1", TESTS)
    assert "✗ f gives back what it got: 2 became 1" in shown
    assert str(result.error_in_exec) == "2 of 2 public tests do not hold yet"


def test_other_cells_are_left_alone(run: Run) -> None:
    """An assertion, an error or a NotImplementedError of the student's own is Python's to tell."""
    for own in ("assert 1 == 2, 'mine'", "1 / 0", "def h():\n    raise RuntimeError('x')\nh()"):
        result, shown = run(own)
        assert not isinstance(result.error_in_exec, (TestsFailed, NotWritten))
        assert shown == "a whole traceback\n"
    result, shown = run("int.__floordiv__(1, 'x').real")
    assert type(result.error_in_exec) is AttributeError


def test_nothing_is_rewritten_where_a_notebook_is_graded(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """What counts there is what Python says."""
    shell = InteractiveShell.instance()
    shell.ast_transformers.clear()
    monkeypatch.setenv("SEQ2GRADE_GRADING", "load")
    public_tests.install()
    assert shell.ast_transformers == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("release/*/*.ipynb")), ids=lambda path: path.parent.name)
def test_every_cell_of_public_tests_is_understood(path: Path) -> None:
    """Rewritten, it is still a program, and every assertion of it has been taken in."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = 0
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade") and cell["cell_type"] == "code":
            source = "".join(cell["source"])
            tree = public_tests._Watched().visit(ast.parse(source))
            compile(tree, "cell", "exec")
            if "def public_tests" in source:
                found += 1
                tests = [node for node in ast.walk(tree) if isinstance(node, ast.Try)]
                assert len(tests) >= source.count("assert ")
                assert any(isinstance(node, ast.With) for node in tree.body), source
    assert found >= 3


def test_a_notebook_that_nobody_began_runs_to_its_end() -> None:
    """In a real kernel, by "run all": nothing stops it, and what it waits for is said in a line, not in a traceback."""
    notebook = nbformat.read(ROOT / "release/rnn_backprop/rnn_backprop.ipynb", as_version=4)
    environment = {name: value for name, value in os.environ.items() if name != "SEQ2GRADE_GRADING"}
    client = NotebookClient(notebook, timeout=120, kernel_name="python3")
    client.execute(env=environment)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    errors = [output for cell in code for output in cell.outputs if output.output_type == "error"]
    assert len(errors) > 10
    assert {error.ename for error in errors} <= {"NotWritten", "NotImplementedError"}
    assert max(len("\n".join(error.traceback).splitlines()) for error in errors) == 1
