"""nbgrader's source notebooks: what a cell is stands in its metadata, solutions and hidden tests between marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.build.regions import HIDDEN, SCHEME, split
from autograder.errors import Seq2gradeError
from autograder.foreign.cells import is_released, marked, runnable, used
from autograder.foreign.model import (
    ANSWER,
    CODE,
    LOCKED,
    MARKDOWN,
    RAW,
    TESTS,
    Block,
    Foreign,
    Left,
    Question,
    Test,
    heading,
    plain_id,
)
from autograder.notebooks import source_of
from autograder.variants import defined

_AUTOTEST = ("### AUTOTEST", "### HASHED AUTOTEST")


def is_nbgrader(notebook: dict[str, Any]) -> bool:
    """Whether any cell is one of nbgrader's."""
    return any(cell["metadata"].get("nbgrader") for cell in notebook["cells"])


def read_nbgrader(notebook: dict[str, Any]) -> Foreign:
    """What a source notebook says. Raises Seq2gradeError for a released one, whose solutions are gone."""
    reader = _Reader()
    for cell in notebook["cells"]:
        reader.cell(cell)
    return reader.foreign()


@dataclass
class _Reader:
    blocks: list[Block] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)  # of each automatic question: what its answer defines
    tested_at: dict[str, int] = field(default_factory=dict)  # where the last of its test cells stood
    left: list[Left] = field(default_factory=list)
    title: str = ""

    def cell(self, cell: Any) -> None:
        """Take in the next cell."""
        flags = cell["metadata"].get("nbgrader") or {}
        source, type = source_of(cell), cell["cell_type"]
        name = str(flags.get("grade_id") or f"cell-{len(self.blocks) + 1}")
        tags = tuple(tag for tag in cell["metadata"].get("tags", ()) if isinstance(tag, str))
        points = _points(flags)
        if type == "markdown":
            self.title = heading(source) or self.title
        if type == "code":
            source, left = runnable(source, f"cell {name}")
            self.left += left
        if flags.get("task"):
            self._task(name, source, points)
        elif flags.get("solution"):
            self._answer(name, source, type, points, bool(flags.get("grade")))
        elif flags.get("grade") and type == "code":
            self._tests(name, source, points)
        elif type == "code":
            self.blocks.append(Block(LOCKED if flags.get("locked") else CODE, source, name, tags=tags))
        else:
            self.blocks.append(Block(RAW if type == "raw" else MARKDOWN, source, name, type))

    def _answer(self, name: str, source: str, type: str, points: float, manual: bool) -> None:
        if is_released(source):
            raise Seq2gradeError(
                f"cell {name} holds a stub, not a solution: this is the notebook that students get; import the one in "
                "nbgrader's source/"
            )
        id = plain_id(name, self.questions)
        self.blocks.append(Block(ANSWER, marked(source), id, type))
        self.questions[id] = Question(id, self.title or id, points if manual else 0.0, manual)
        if not manual:
            self.names[id] = set(defined(marked(source)))

    def _task(self, name: str, source: str, points: float) -> None:
        """nbgrader's task: students add cells of their own below it. Here they get one to write into."""
        parts = split(source, (SCHEME,))
        scheme = "\n".join(line for region in parts.regions for line in region).strip()
        self.blocks.append(Block(MARKDOWN, "\n".join(parts.open).strip(), name, MARKDOWN))
        if points > 0:
            id = plain_id(name, self.questions)
            self.blocks.append(Block(ANSWER, marked(scheme or "A person decides what is right here."), id, MARKDOWN))
            self.questions[id] = Question(id, self.title or id, points, manual=True)
            why = "a task, below which students added cells of their own; now they have one Markdown cell to answer in"
            self.left.append(Left(f"cell {name}", why, source))

    def _tests(self, name: str, source: str, points: float) -> None:
        parts = split(source, (HIDDEN,))
        visible = "\n".join(parts.open).strip("\n")
        hidden = "\n".join(line for region in parts.regions for line in region).strip("\n")
        if any(mark in source for mark in _AUTOTEST):
            why = "nbgrader makes these tests from the solution: write down what the value should be"
            self.left.append(Left(f"cell {name}", why, source))
            visible, hidden = (_without(text, _AUTOTEST) for text in (visible, hidden))
        owner = self._owner(used(f"{visible}\n{hidden}"))
        if not owner:
            self.blocks.append(Block(LOCKED, visible or "pass", name))
            why = f"tests ({points:g} points) above which no answer stands; they became a cell that is only run"
            self.left.append(Left(f"cell {name}", why, source))
            return
        test = Test(name, visible, hidden, points)
        self.questions[owner] = replace(self.questions[owner], tests=(*self.questions[owner].tests, test))
        self.tested_at[owner] = len(self.blocks)
        self.blocks.append(Block(TESTS, "", owner))

    def _owner(self, names: set[str]) -> str:
        """The answer that tests are about: the last above them of whose names they use one, else the last."""
        above = list(reversed(self.names))
        return next((id for id in above if self.names[id] & names), above[0] if above else "")

    def foreign(self) -> Foreign:
        """All of it; of several test cells of one answer the last holds the tests of all."""
        kept = [
            block for place, block in enumerate(self.blocks)
            if block.kind != TESTS or self.tested_at[block.name] == place
        ]  # fmt: skip
        questions = []
        for question in self.questions.values():
            points = question.points if question.manual else sum(test.points for test in question.tests)
            questions.append(replace(question, points=points))
        return Foreign("nbgrader", tuple(kept), tuple(questions), tuple(self.left))


def _without(text: str, marks: Sequence[str]) -> str:
    """The lines that hold none of the marks."""
    return "\n".join(line for line in text.split("\n") if not any(mark in line for mark in marks))


def _points(flags: Any) -> float:
    try:
        return float(flags.get("points") or 0)
    except (TypeError, ValueError):
        return 0.0
