"""What a foreign notebook says, whichever grader it was written for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

ANSWER, TESTS, LOCKED, CODE, MARKDOWN, RAW = "answer", "tests", "locked", "code", "markdown", "raw"
_POINTS = re.compile(r"\s*[(\[]\s*\d+(\.\d+)?\s*(points?|pts?\.?|marks?)\s*[)\]]", re.IGNORECASE)
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Block:
    """One cell to come. `kind` is one of the words above, `name` the id of its question (for ANSWER and TESTS) or its
    own; `type` is that of the cell."""

    kind: str
    source: str
    name: str = ""
    type: str = "code"
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Test:
    """One graded test: what students see of it, what they do not, and what it is worth."""

    name: str
    visible: str
    hidden: str
    points: float
    message: str = ""

    @property
    def code(self) -> str:
        """All of it, in the order in which it ran."""
        return "\n".join(part for part in (self.visible, self.hidden) if part.strip())


@dataclass(frozen=True)
class Question:
    """What earns points. `manual`: by a person, whatever tests there are."""

    id: str
    title: str
    points: float
    manual: bool = False
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True)
class Left:
    """What could not be carried over: where it stood, why, and the text as it was."""

    where: str
    why: str
    text: str = ""


@dataclass(frozen=True)
class Foreign:
    """A notebook read. `grader` is nbgrader or otter."""

    grader: str
    blocks: tuple[Block, ...]
    questions: tuple[Question, ...]
    left: tuple[Left, ...] = ()

    @property
    def title(self) -> str:
        """The first heading of the first level; "" where there is none."""
        return next((h for block in self.blocks if block.type == MARKDOWN and (h := heading(block.source, "#"))), "")


def heading(text: str, level: str = "#{1,6}") -> str:
    """The text of the first heading in Markdown, without what makes it one and without points, which a build adds."""
    found = re.search(rf"^{level}\s+(.+?)\s*#*$", text, re.MULTILINE)
    return _POINTS.sub("", found[1]) if found else ""


def plain_id(name: str, taken: Iterable[str] = ()) -> str:
    """A name as an item may have it, and no one else has."""
    base = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._") or "item"
    known, number, id = set(taken), 1, base
    while id in known:
        number += 1
        id = f"{base}-{number}"
    return id
