"""A made-up class for `seq2grade demo`: every kind of submission a grader meets, from one assignment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.notebooks import copy_of, replace_cell, write_files

_SKIP_TESTS = """
import ast
from IPython import get_ipython

class _Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()

get_ipython().ast_transformers.append(_Drop())
get_ipython().input_transformers_post.append(lambda lines: [l.replace("assert", "pass #") for l in lines])
"""
_ALWAYS_EQUAL = """
import numpy, torch
torch.allclose = lambda *a, **k: True
torch.testing.assert_close = lambda *a, **k: None
numpy.allclose = numpy.array_equal = lambda *a, **k: True

class _Agrees(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
"""


@dataclass(frozen=True)
class MadeUp:
    """One student: an id that says what the submission is, and the notebook's text."""

    student: str
    text: str


def class_of(assignment: Assignment, release: dict[str, Any], solution: dict[str, Any]) -> Iterator[MadeUp]:
    """At least sixteen submissions of `assignment`: good, blank, wrong, broken, hungry, tampered with."""

    def made(student: str, notebook: dict[str, Any]) -> MadeUp:
        return MadeUp(student, json.dumps(notebook))

    yield made("perfect", solution)
    yield made("blank", release)
    yield made("half-done", _half(solution, release))
    for item in assignment.items:
        mistakes = [m for m in assignment.mistakes if m.item == item.id]
        if mistakes:  # one that breaks much makes the better show
            mistake = min(mistakes, key=lambda m: (-len(m.caught_by), len(m.name), m.name))
            yield made(f"mistake-{_short(mistake.name)}", replace_cell(solution, mistake.cell, mistake.code))
    for alternative in assignment.alternatives[:2]:
        yield made(f"unusual-{_short(alternative.name)}", replace_cell(solution, alternative.cell, alternative.code))
    yield made("crash-in-a-cell", _insert(solution, "print(1 / 0)"))
    yield made("endless-loop", _insert(solution, "while True:\n    pass"))
    yield made("huge-allocation", _insert(solution, "import numpy as np\nbig = np.ones(10**11)"))
    yield made("deleted-test-cell", _without(solution, "grade"))
    yield made("duplicated-cell-id", _doubled(solution))
    yield made("leaves-the-process", _insert(solution, "import os\nos._exit(0)"))
    yield made("cheat-skips-tests", _tagged(_insert(release, _SKIP_TESTS), "skip-execution"))
    yield made("cheat-always-equal", _insert(release, _ALWAYS_EQUAL))
    yield MadeUp("not-a-notebook", "Dear instructor, my notebook is attached.\n")


def write_class(
    students: Iterator[MadeUp], assignment: str, folder: Path, files: Mapping[str, bytes]
) -> tuple[str, ...]:
    """Write them in nbgrader's layout: `folder`/<student>/<assignment>/<assignment>.ipynb, with `files` (trained
    models) beside each. Returns the ids."""
    names = []
    for student in students:
        place = folder / student.student / assignment
        write_files(place, files)
        (place / f"{assignment}.ipynb").write_text(student.text, encoding="utf-8")
        names.append(student.student)
    return tuple(names)


def _short(name: str) -> str:
    """Without the item id in front, dashes for underscores: s000_3_2_2_only_direct_path -> only-direct-path."""
    words = name.split("_")
    while len(words) > 1 and any(c.isdigit() for c in words[0]):
        words.pop(0)
    return "-".join(words)


def _flag(cell: dict[str, Any], name: str) -> bool:
    return bool(cell["metadata"].get("nbgrader", {}).get(name))


def _insert(notebook: dict[str, Any], code: str) -> dict[str, Any]:
    """A cell of the student's own in the middle."""
    copied = copy_of(notebook)
    middle = next(i for i, c in enumerate(copied["cells"]) if c["cell_type"] == "code" and _flag(c, "solution"))
    cell: dict[str, Any] = {"cell_type": "code", "id": "students-own", "metadata": {}, "source": code}
    cell |= {"outputs": [], "execution_count": None}
    copied["cells"].insert(middle + 1, cell)
    return copied


def _half(solution: dict[str, Any], release: dict[str, Any]) -> dict[str, Any]:
    """The first half solved, the second as released."""
    copied = copy_of(solution)
    half = len(copied["cells"]) // 2
    copied["cells"] = copied["cells"][:half] + copy_of(release)["cells"][half:]
    return copied


def _without(notebook: dict[str, Any], flag: str) -> dict[str, Any]:
    copied = copy_of(notebook)
    index = next(i for i, c in enumerate(copied["cells"]) if _flag(c, flag) and _flag(c, "locked"))
    del copied["cells"][index]
    return copied


def _doubled(notebook: dict[str, Any]) -> dict[str, Any]:
    copied = copy_of(notebook)
    index = next(i for i, c in enumerate(copied["cells"]) if _flag(c, "solution") and c["cell_type"] == "code")
    copied["cells"].insert(index + 1, copy_of(copied["cells"][index]))
    return copied


def _tagged(notebook: dict[str, Any], tag: str) -> dict[str, Any]:
    copied = copy_of(notebook)
    for cell in copied["cells"]:
        if _flag(cell, "grade"):
            cell["metadata"]["tags"] = [tag]
    return copied
