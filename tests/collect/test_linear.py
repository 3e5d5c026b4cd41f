"""Repairing takes time in proportion to the notebook, whatever is in it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from autograder.collect.repair import repair
from tests.collect.sample import at, cell, release, solved, strip_marks
from tests.growth import assert_linear


def _long_line(size: int) -> dict[str, Any]:
    notebook = release()
    at(notebook, "f")["source"] = "x" * size
    return notebook


def _many_lines(size: int) -> dict[str, Any]:
    notebook = strip_marks(solved())
    notebook["cells"].append(cell("code", "mine", "def a\n" * (size // 6)))
    return notebook


def _many_cells(size: int) -> dict[str, Any]:
    notebook = release()
    notebook["cells"] += [cell("code", f"own-{number + 60}", f"v{number} = 1") for number in range(size // 800)]
    notebook["cells"] += [cell("code", "no id!", f"w{number} = 1") for number in range(size // 800)]
    return notebook


def _many_copies(size: int) -> dict[str, Any]:
    notebook = solved()
    notebook["cells"] += [copy.deepcopy(at(notebook, "f")) for _ in range(size // 400)]
    return notebook


@pytest.mark.parametrize("make", [_long_line, _many_lines, _many_cells, _many_copies])
def test_linear(make: Callable[[int], dict[str, Any]]) -> None:
    """Up to a line of two million characters and 5000 cells, time grows as the size does: eight times, not 64."""

    def prepared(size: int) -> Callable[[], object]:
        notebook = make(size)
        return lambda: repair(notebook, release())

    assert_linear(prepared, 250_000)
