"""What a cell of an authored notebook is, in one word: `# %% answer="s001-3.Q2"`. nbgrader's flags follow from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

# word -> (solution, locked): an answer to an item, the tests of an item, a solution that is no item's, code that
# students are given, code that only draws
WORDS: dict[str, tuple[bool, bool]] = {
    "answer": (True, False), "tests": (False, True), "solution": (True, False), "locked": (False, True),
    "figure": (False, True),
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What a word stands for. `answers` or `tests` is an item's id."""

    nbgrader: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    answers: str = ""
    tests: str = ""


def grade_id_of(item: str, tests: bool = False) -> str:
    """What nbgrader calls the cells of an item: dots are not allowed there."""
    return ("test-" if tests else "") + re.sub(r"[^A-Za-z0-9_-]", "_", item)


def in_a_word(metadata: dict[str, Any], type: str, has_nbgrader: bool, wrong: Callable[[str], NoReturn]) -> Said:
    """Take the word out of a cell's metadata. `wrong` is called, and raises, where it cannot be used.

    Points are left to the build, which knows them."""
    found = [word for word in WORDS if word in metadata]
    own = metadata.pop("grade_id", None) if found else None
    if not found:
        return Said()
    word, name = found[0], metadata.pop(found[0])
    if len(found) > 1:
        wrong(f"expected one of {word} and {found[1]}")
    if has_nbgrader:
        wrong(f"expected either {word} or nbgrader={{...}}")
    for value in (name, own):
        if value is not None and not (isinstance(value, str) and value):
            wrong(f'expected {word}="...", a name in quotes; got {value!r}')
    if type != "code" and word != "answer":
        wrong(f"expected code in a cell of {word}")
    solution, locked = WORDS[word]
    of_item = word in ("answer", "tests")
    nbgrader = {
        "grade": word == "tests" or type != "code",  # an answer in prose is one that a person grades
        "grade_id": own or (grade_id_of(name, word == "tests") if of_item else name),
        "locked": locked, "schema_version": 3, "solution": solution, "task": False,
    }  # fmt: skip
    return Said(
        nbgrader, ("figure",) if word == "figure" else (), name if word == "answer" else "",
        name if word == "tests" else "",
    )  # fmt: skip
