"""Claims about untouched answers: what counts is whether anything of the student's defines what is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograder.collect.answered import unanswered
from autograder.collect.repair import repair
from tests.collect.sample import ANSWERS, STUB, at, cell, index, release, solved
from tests.growth import assert_linear, cpu_seconds

SUBMITS = {"f": ["double(x)"], "g": ["Layer, a class made by nothing"], "choice": ["answers"]}
EVERYTHING = frozenset({"f", "g", "choice", "proof"})


def find(notebook: dict[str, Any], files: dict[str, bytes] | None = None) -> frozenset[str]:
    return unanswered(release(), repair(notebook, release())[0], SUBMITS, files or {})


def with_cell(source: str, kind: str = "code", after: str = "scratch") -> dict[str, Any]:
    notebook = release()
    notebook["cells"].insert(index(notebook, after) + 1, cell(kind, "mine", source))
    return notebook


def test_released_and_solved() -> None:
    """The release leaves everything open, the solution nothing."""
    assert find(release()) == EVERYTHING
    assert find(solved()) == frozenset()


@pytest.mark.parametrize(
    "source",
    [
        "def double(x):\n    return 2 * x",
        "async def double(x): ...",
        "double = lambda x: 2 * x",
        "double: object = f",
        "from my_answers import double",
        "from my_answers import (\n    other,\n    double,\n)",
        "import double",
        "from a import other as double",
        "from a.b import other, \\\n    double",
        "first, double = f, g",
        "double, first = f, g",
        "(double,\n) = [f]",
        "if (double := f): pass",
        "for double in [f]: pass",
        "with f() as double: pass",
        "%%time\ndef double(x): ...",
        "double.forward = f",
        "double.table['a'] = f",
        "double += f",
        "class double: ...",
        "globals()['double'] = f",
        'setattr(module, "double", f)',
        "%time double = f",
        "    def double(x): ...",
    ],
)
def test_answered_elsewhere(source: str) -> None:
    """A cell of the student's own that defines, imports, assigns or changes the name answers its item, and no other."""
    assert find(with_cell(source)) - {"f"} in (EVERYTHING - {"f"}, frozenset({"proof"}))
    assert "f" not in find(with_cell(source))


@pytest.mark.parametrize(
    "source",
    [
        "from my_answers import *",
        "%run answers.py",
        "%load answers.py",
        "  %run -i answers",
        "exec(open('a.py').read())",
        "globals().update(load())",
        "get_ipython().run_cell(text)",
        "%store -r double",
        "import builtins",
    ],
)
def test_anything_may_be_defined(source: str) -> None:
    """Where a cell may define any name, no code counts as untouched; what a person reads still does."""
    assert find(with_cell(source)) == {"proof"}


@pytest.mark.parametrize(
    "source",
    [
        "print(double(3))",
        "assert double(2) == 4",
        "x = double(3)",
        "y = [double(x) for x in range(3)]",
        "double?",
        "plot(double, 3)",
        "model.eval()",
        "import math",
        "%matplotlib inline",
        "%load_ext autoreload",
        "%timeit double(3)",
        "doubled = 1",
        "redouble(x)",
        "def other(x):\n    return double(x)",
        "x = 1 if double == f else 2",
    ],
)
def test_used_elsewhere(source: str) -> None:
    """To call what is asked for is no answer."""
    assert find(with_cell(source)) == EVERYTHING


@pytest.mark.parametrize(
    "stub",
    [
        f'def double(x):\n    """Twice x."""\n\n\n    {STUB}\n',
        'def double(x):\n    """Twice x."""\n    raise NotImplementedError()',
        f'# TODO\n\ndef double(x):\n    """Twice x."""\n    {STUB}  # later\n    # why?',
        "",
        " \n",
    ],
)
def test_space_and_comments(stub: str) -> None:
    """Space and comments are no answer, and neither is an empty cell."""
    notebook = release()
    at(notebook, "f")["source"] = stub
    assert find(notebook) == EVERYTHING


def test_a_wrong_answer_is_an_answer() -> None:
    """Whatever replaces the stub's exception is an answer."""
    notebook = release()
    at(notebook, "f")["source"] = 'def double(x):\n    """Twice x."""\n    pass'
    assert find(notebook) == EVERYTHING - {"f"}


def test_deleted_answer_cells() -> None:
    """A deleted answer cell is open, unless another cell has the answer."""
    notebook = release()
    notebook["cells"] = [node for node in notebook["cells"] if node["id"] not in ("c-f", "c-choice")]
    assert find(notebook) == EVERYTHING
    notebook["cells"].append(cell("code", "mine", 'answers = {"s1": {"d"}}'))
    assert find(notebook) == EVERYTHING - {"choice"}


def test_all_answers_in_one_cell() -> None:
    """Answers that stand together in one answer cell count for each item."""
    notebook = release()
    at(notebook, "f")["source"] = f"{ANSWERS['f']}\n\n{ANSWERS['g']}\n\n{ANSWERS['choice']}"
    assert find(notebook) == {"proof"}


def test_files_beside() -> None:
    """A file beside the notebook counts where the notebook speaks of it."""
    files = {
        "my_answers.py": b"def double(x):\n    return 2 * x",
        "lib/deep.py": b"class Layer: ...",
        "a.txt": b"answers",
    }
    assert find(release(), files) == EVERYTHING
    assert find(with_cell("import my_answers\nmy_answers.install()"), files) == EVERYTHING - {"f"}
    assert find(with_cell("from lib import deep"), files) == EVERYTHING - {"g"}


def test_prose_below_the_answer_cell() -> None:
    """A proof in a cell of its own below the cell meant for it is an answer; a heading elsewhere is not."""
    assert find(with_cell("Because.", "markdown", after="proof")) == EVERYTHING - {"proof"}
    assert find(with_cell("# My notes", "markdown", after="intro")) == EVERYTHING
    assert find(with_cell(" ", "markdown", after="proof")) == EVERYTHING


def test_endless_code_is_not_read() -> None:
    """Beyond any size that somebody writes, code counts as an answer without being read."""
    notebook = with_cell("double(x)\n" * 5_000_000)
    assert cpu_seconds(lambda: find(notebook)) < 5.0
    assert find(notebook) == {"proof"}


@pytest.mark.parametrize(
    "unit",
    [
        "double ",
        "double(",
        "double=",
        "import (",
        "import double,",
        "import ",
        " #",
        "\n",
        "\n#",
        "%",
        "double,",
        "=",
        "'\"",
        "from a import \\\n",
        "double[",
        "(double.a",
        "def ",
        "\t \n",
    ],
)
def test_linear(unit: str) -> None:
    """Time grows as the text does, whatever it is made of: eight times, where a quadratic step would make it 64."""

    def prepared(size: int) -> Callable[[], object]:
        notebook = with_cell(unit * (size // len(unit)))
        return lambda: find(notebook)

    assert_linear(prepared, 60_000)
