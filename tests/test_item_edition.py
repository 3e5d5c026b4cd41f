"""Which change of an assignment's files concerns which item."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.item_edition import closure, item_editions
from autograder.judge.trusted import Trusted
from tests.courses import CHAIN, write_sections

Edit = Callable[[Path], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """`chain` with a folder of checks: square.py imports from shared.py, which imports deep.py; length.py neither."""
    made = write_sections(CHAIN, tmp_path / "chain")
    text = (made / "checks.py").read_text(encoding="utf-8")
    head, body = text.split("\n\n\n", 1)
    square, length = body.split('\n\n\n@check(item="length"', 1)
    (made / "checks.py").unlink()
    (made / "checks").mkdir()
    files = {
        "square": f"{head}\nfrom . import shared\n\n\n{square}\n",
        "length": f'{head}\n\n\n@check(item="length"{length}',
        "shared": "from .deep import ONE\nTWO = 2 * ONE\n",
        "deep": "ONE = 1\n",
        "unused": "THREE = 3\n",
    }
    for name, code in files.items():
        (made / "checks" / f"{name}.py").write_text(code, encoding="utf-8")
    return made


def editions(folder: Path, release: dict[str, object] | None = None) -> dict[str, str]:
    notebook = release or {"cells": [{"cell_type": "code", "id": "a", "source": ["x = 1"]}]}
    assignment = load_assignment(folder)
    return item_editions(assignment, Trusted.load(assignment).listed, notebook)


def append(name: str, text: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")

    return edit


def replace(name: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


@pytest.mark.parametrize(("edit", "concerned"), [
    (append("checks/length.py", "# x\n"), {"length"}),
    (append("checks/square.py", "# x\n"), {"square", "length"}),  # length needs square
    (append("checks/shared.py", "# x\n"), {"square", "length"}),
    (append("checks/deep.py", "# x\n"), {"square", "length"}),
    (append("checks/unused.py", "# x\n"), set()),
    (append("checks/words.txt", "x\n"), {"square", "length"}),
    (append("calibration.json", "{}"), {"square", "length"}),
    (append("files/table.csv", "1\n"), {"square", "length"}),
    (append("handin/model.bin", "1\n"), {"square", "length"}),
    (replace("mistakes/length.toml", "You stop", "You stop here"), {"length"}),
    (replace("mistakes/length.toml", 'thinks = "the length', 'thinks = "that the length'), {"length"}),
    (append("alternatives/square.py", "# x\n"), set()),
    (replace("assignment.toml", "minutes = 10", "minutes = 11"), set()),
    (replace("assignment.toml", "check_seconds = 3", "check_seconds = 4"), {"square", "length"}),
    (replace("assignment.toml", 'title = "The length of a vector"', 'title = "How long"'), set()),
    (replace("notebook.py", "# # Lengths", "# # Lengths and more"), set()),
    (replace("notebook.py", "return x * x", "return (x * x)"), {"square", "length"}),
])  # fmt: skip
def test_a_change_concerns_the_items_that_rest_on_it(folder: Path, edit: Edit, concerned: set[str]) -> None:
    """An item's digest changes with all that its verdicts may rest on, and with nothing else."""
    before = editions(folder)
    edit(folder)
    after = editions(folder)
    assert {item for item in before if before[item] != after[item]} == concerned


def test_the_released_code_is_part_of_it_and_its_prose_is_not(folder: Path) -> None:
    """A stub or a locked cell that changes concerns every item."""
    cell = {"cell_type": "code", "id": "a", "source": "x = 1"}
    first = editions(folder, {"cells": [cell, {"cell_type": "markdown", "id": "b", "source": "one"}]})
    assert first == editions(folder, {"cells": [cell, {"cell_type": "markdown", "id": "b", "source": "two"}]})
    other = editions(folder, {"cells": [{**cell, "source": "x = 2"}]})
    assert not set(first.values()) & set(other.values())


def test_files_that_import_each_other_are_followed_once(tmp_path: Path) -> None:
    """Packages, parents and circles of imports come to an end."""
    for name, code in {
        "a.py": "from . import b\nfrom .sub import c\n", "b.py": "from .a import x\n", "sub/__init__.py": "",
        "sub/c.py": "from ..d import y\nimport os\n", "d.py": "", "e.py": "",
    }.items():  # fmt: skip
        append(name, code)(tmp_path)
    found = {path.relative_to(tmp_path).as_posix() for path in closure([tmp_path / "a.py"])}
    assert found == {"a.py", "b.py", "sub/__init__.py", "sub/c.py", "d.py"}
