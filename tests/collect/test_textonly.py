"""What comes along when models are trained anew: text, and no more of it than could hold no model."""

from __future__ import annotations

import base64
import random
from pathlib import Path
from typing import Any

import pytest

from autograder.collect.textonly import ROOM, textonly
from autograder.model import Collected, Submission

RELEASE: dict[str, Any] = {
    "cells": [
        {"cell_type": "code", "id": "setup", "metadata": {}, "source": ["import torch\n", "x = 1"]},
        {"cell_type": "code", "id": "answer", "metadata": {"nbgrader": {"grade_id": "answer"}}, "source": "pass"},
    ]
}
WEIGHTS = random.Random(5).randbytes(200_000)
CODE = "\n".join(f"def part_{k}(x):\n    return x + {k} * x ** {k % 7}" for k in range(300))


def collected(files: dict[str, bytes] | None = None, answer: str = "y = 2", *own: str) -> Collected:
    cells = [dict(cell) for cell in RELEASE["cells"]]
    cells[0]["source"], cells[1]["source"] = "import torch\nx = 1", answer
    cells += [{"cell_type": "code", "id": f"own-{k}", "metadata": {}, "source": text} for k, text in enumerate(own)]
    return Collected(Submission("ann", "gpt", Path("gpt.ipynb")), "", {"cells": cells}, (), files or {})


def code_of(found: Collected) -> list[str]:
    return [cell["source"] for cell in found.notebook["cells"]]


def in_base64(count: int) -> str:
    return base64.b64encode(WEIGHTS[:count]).decode()


FILES = {
    "weights as they are": ("checkpoints/gpt.safetensors", WEIGHTS[:900]),
    "weights under another name": ("data/picture.png", WEIGHTS[:900]),
    "weights that pose as text": ("notes.txt", WEIGHTS[:900]),
    "text with a zero in it": ("notes.txt", b"a\0b"),
    "a name without a suffix": ("weights", b"1 2 3"),
    "an archive": ("helpers.zip", b"PK"),
    "another notebook": ("other.ipynb", b"{}"),
    "a large text": ("words.txt", b"the cat sat on the mat\n" * 20_000),
    "a literal of one megabyte": ("helpers.py", b"W = '" + in_base64(150_000).encode() + b"'"),
    "numbers in print": ("table.csv", "\n".join(str(random.Random(k).random()) for k in range(9000)).encode()),
}


@pytest.mark.parametrize("case", list(FILES))
def test_files_that_could_hold_weights_are_left_out(case: str) -> None:
    """Whatever is no text, or more of it than code and notes take, is not used, and the student is told."""
    name, data = FILES[case]
    found = textonly(collected({name: data, "helpers_of_mine.py": b"def f(x):\n    return x\n"}), RELEASE)
    assert list(found.files) == ["helpers_of_mine.py"]
    assert [repair.kind for repair in found.repaired] == ["files"]
    assert name in found.repaired[0].message


def test_ordinary_work_comes_along_whole() -> None:
    """Helpers, notes, a table of results and much code are used as they are, and nothing is said."""
    files = {"helpers.py": CODE.encode(), "notes.md": "# Naïve\n".encode(), "log.csv": b"1,2\n3,4\n", "a.json": b"{}"}
    given = collected(files, CODE, CODE.replace("part", "other"), "print(1)")
    found = textonly(given, RELEASE)
    assert found == given


@pytest.mark.parametrize("pieces", [1, 40, 400])
def test_cells_that_could_hold_weights_are_left_out(pieces: int) -> None:
    """Data in cells, in one or in hundreds, count together. The largest go first: code beside a few of them stays."""
    size = 160_000 // pieces
    literals = [f"W{k} = '{in_base64(200_000)[k * size : (k + 1) * size]}'" for k in range(pieces)]
    found = textonly(collected({}, CODE, *literals), RELEASE)
    kept = code_of(found)
    assert kept[0] == "import torch\nx = 1"
    assert kept[1] == CODE or pieces == 400
    assert sum(len(text) for text in kept[2:]) < 1.4 * ROOM
    assert all(repair.message.startswith("A code cell was left out") for repair in found.repaired)


def test_files_and_cells_share_the_room() -> None:
    """Half of the data in a cell and half in a file is as much as all of it in one place."""
    half = in_base64(30_000)
    found = textonly(collected({"half.txt": half.encode()}, f"W = '{half}'"), RELEASE)
    assert sorted([len(found.files), sum(bool(text) for text in code_of(found)[1:])]) != [1, 1]


def test_names_of_files_count() -> None:
    """Weights in the names of empty files are weights."""
    text = base64.b32encode(WEIGHTS).decode()
    files = {f"{text[200 * k : 200 * k + 200]}.txt": b"" for k in range(1000)}
    assert sum(map(len, textonly(collected(files), RELEASE).files)) < 2 * ROOM


def test_surrogates_and_large_cells_are_no_failure() -> None:
    """Text that cannot be encoded, and a cell of many megabytes, are dealt with."""
    found = textonly(collected({}, "x = '\ud800'", "W = '" + "a" * (3 * 2**20) + "'"), RELEASE)
    assert code_of(found)[1:] == ["x = '\ud800'", ""]
