"""otter's master notebooks: raw cells say where questions, solutions, prompts and tests begin and end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from autograder.errors import Seq2gradeError
from autograder.foreign.cells import marked, runnable
from autograder.foreign.model import (
    ANSWER,
    CODE,
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
from autograder.foreign.otter_text import Case, case_of, ignored, solution
from autograder.notebooks import source_of

_EDGE = re.compile(r"#\s*(BEGIN|END)\s+(QUESTION|SOLUTION|PROMPT|TESTS)\s*$", re.IGNORECASE)
_CONFIG = re.compile(r"#\s*ASSIGNMENT\s+CONFIG", re.IGNORECASE)
_IGNORED = re.compile(r"##?\s*ignore\b", re.IGNORECASE)


def is_otter(notebook: dict[str, Any]) -> bool:
    """Whether any cell begins a question as otter has it."""
    return any(_edge(cell) == ("BEGIN", "QUESTION") for cell in notebook["cells"])


def read_otter(notebook: dict[str, Any]) -> Foreign:
    """What a master notebook says. Raises Seq2gradeError where its blocks or settings cannot be read."""
    reader = _Reader()
    for cell in notebook["cells"]:
        reader.cell(cell)
    if reader.inside:
        raise Seq2gradeError(f"otter's block {reader.inside[-1]} has no end")
    return Foreign("otter", tuple(reader.blocks), tuple(reader.questions.values()), tuple(reader.left))


def _raw(cell: Any) -> str:
    """The text of a raw cell, or of a Markdown cell that stands for one; "" for others."""
    source = source_of(cell).strip()
    if cell["cell_type"] == "raw":
        return source
    fenced = re.fullmatch(r"```otter\n(.*?)\n```", source, re.DOTALL)
    return fenced[1].strip() if fenced and cell["cell_type"] == "markdown" else ""


def _edge(cell: Any) -> tuple[str, str]:
    found = _EDGE.match(_raw(cell).split("\n")[0])
    return (found[1].upper(), found[2].upper()) if found else ("", "")


def _settings(text: str, where: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise Seq2gradeError(f"otter's settings of {where} are no YAML: {error}") from error
    return found if isinstance(found, dict) else {}


@dataclass
class _Reader:
    blocks: list[Block] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    title: str = ""
    code: list[str] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    prompt: list[str] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)

    def cell(self, cell: Any) -> None:
        """Take in the next cell."""
        edge, block = _edge(cell)
        source = source_of(cell)
        if edge == "BEGIN":
            self.inside.append(block)
            if block == "QUESTION":
                self._begin("\n".join(_raw(cell).split("\n")[1:]))
        elif edge == "END":
            if self.inside[-1:] != [block]:
                raise Seq2gradeError(f"otter's END {block} in {self.id or 'the notebook'} ends nothing that began")
            self.inside.pop()
            if block == "QUESTION":
                self._end()
            elif block == "SOLUTION":
                self._answer()
        elif _CONFIG.match(_raw(cell)):
            self.left.append(Left("ASSIGNMENT CONFIG", "otter's settings; what matters is in assignment.toml", source))
        elif _IGNORED.match(source) and cell["cell_type"] == "code":
            self.left.append(Left(self.id or "the notebook", "a cell that otter leaves out of all it makes", source))
        else:
            self._content(cell, source, self.inside[-1] if self.inside else "")

    def _content(self, cell: Any, source: str, block: str) -> None:
        type = cell["cell_type"]
        if type == "markdown":
            self.title = heading(source) or self.title
        if type == "code" and block != "TESTS":
            source, left = runnable(source, self.id or "the notebook")
            self.left += left
        if block == "SOLUTION":
            (self.code if type == "code" else self.prose).append(source)
        elif block == "PROMPT":
            self.prompt.append(source)
        elif block == "TESTS" and type == "code":
            case, left = case_of(cell, f"{self.id} test {len(self.cases) + 1}")
            self.left += left
            self.cases.append(case)
        else:
            if type == "code":
                source, left = ignored(source, self.id or "the notebook")
                self.left += left
            kind = {"code": CODE, "markdown": MARKDOWN}.get(type, RAW)
            self.blocks.append(Block(kind, source, "", type))

    def _begin(self, text: str) -> None:
        self.settings = _settings(text, "a question")
        self.id = plain_id(str(self.settings.get("name") or "question"), self.questions)
        self.code, self.prose, self.prompt, self.cases = [], [], [], []

    def _answer(self) -> None:
        if any(block.kind == ANSWER and block.name == self.id for block in self.blocks):
            return self._more()
        if self.code:
            text, left = solution("\n\n".join(self.code), self.id)
            self.left += left
            self.left += [Left(self.id, "a prompt: students see our stub instead", text) for text in self.prompt]
            self.left += [Left(self.id, "prose in the solution of code", text) for text in self.prose]
            self.blocks.append(Block(ANSWER, text, self.id))
        else:
            told = "\n\n".join(self.prompt)
            text = marked("\n\n".join(self.prose) or "There was no reference answer.")
            self.blocks.append(Block(ANSWER, f"{told}\n\n{text}".strip(), self.id, MARKDOWN))
        self.code, self.prose, self.prompt = [], [], []
        return None

    def _more(self) -> None:
        texts = [*self.code, *self.prose]
        self.left += [Left(self.id, "a second solution of the question; an item has one answer cell", t) for t in texts]
        self.code, self.prose, self.prompt = [], [], []

    def _end(self) -> None:
        if not any(block.kind == ANSWER and block.name == self.id for block in self.blocks):
            self._answer()
        type = next(block.type for block in self.blocks if block.kind == ANSWER and block.name == self.id)
        title = self.title or self.id
        manual = bool(self.settings.get("manual")) or type == MARKDOWN
        shares = [1.0] if manual else resolved(self.settings.get("points"), [case.points for case in self.cases])
        if manual:
            points = self.settings.get("points")
            worth = float(points) if isinstance(points, (int, float)) else 1.0
            self.questions[self.id] = Question(self.id, title, worth, manual=True)
            for case in self.cases:
                self.left.append(Left(self.id, "a test of a question that a person grades", case.code))
        else:
            tests = tuple(
                Test(case.name, "" if case.hidden else case.code, case.code if case.hidden else "", share, case.message)
                for case, share in zip(self.cases, shares, strict=True)
            )
            self.questions[self.id] = Question(self.id, title, sum(shares), tests=tests)
            if tests:
                self.blocks.append(Block(TESTS, "", self.id))
            else:
                self.left.append(Left(self.id, "a question without tests, which earned nothing; it is no item"))
        if self.settings.get("all_or_nothing"):
            self.left.append(Left(self.id, "all_or_nothing: here each check earns its own points"))
        self.id = ""


def resolved(points: Any, cases: list[float | None]) -> list[float]:
    """What each test is worth, by otter's rules: its own points, else an equal part of what the question has left; a
    question that says nothing is worth 1."""
    if isinstance(points, dict):
        points = float(points.get("each", 1)) * len(cases)
    if isinstance(points, list):
        cases, points = [float(p) if p is not None else None for p in points], None
    given = sum(p for p in cases if p is not None)
    open_ = sum(p is None for p in cases)
    rest = 0.0
    if isinstance(points, (int, float)):
        rest = max(0.0, float(points) - given)
    elif given == 0:
        rest = 1.0
    return [p if p is not None else rest / open_ for p in cases]
