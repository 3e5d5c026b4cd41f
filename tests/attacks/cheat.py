"""How a cheat is written down, and how it becomes a submission.

A cheat is a file in this folder. Its docstring says what it tries and what must come of it:

    about: one of KINDS
    expect: no gain | no leak | contained | full marks
    points: what it may get, of 6 (left out: 1, for a wrong function that leaves its argument alone); "0 or 2" where
        chance decides whether the notebook lives on, and its right answer counts
    needs: what its containment takes that not every sandbox promises (files, network, processes, user)

and its variables say what the student hands in: `ANSWER` and `CHOICE` replace the two answers of the template
assignment (wrong ones when left out), `FIRST` and `LAST` are cells of the student's own before and after everything,
`FILES` lie beside the notebook, `edit(notebook)` changes the notebook itself. `after(grade)` checks what else must
hold once it was graded. With `ASSIGNMENT = "chain"`, `ANSWERS` names the answers of that assignment.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from autograder.judge import Draw
from autograder.model import Grade, Submission
from autograder.report.feedback import write_feedback
from tests.attacks import CANARY, FILES_THAT_ARE_NO_CHEATS, WRONG_ANSWER, WRONG_CHOICE
from tests.courses import Demo

FOLDER = Path(__file__).parent
KINDS = {
    "search": "looks for what is hidden: checks, answers, other people's work",
    "smuggle": "carries hidden inputs out in what the grader reports",
    "forge": "writes the result itself, or does away with the tests",
    "compare": "makes a wrong answer compare equal",
    "twice": "answers once to learn the question, and once more",
    "judge": "breaks, blocks or floods whoever judges",
    "exhaust": "takes the machine's memory, disk, processes or time",
    "outlive": "leaves something behind for the next submission, or runs before its own",
    "reader": "harms who reads the report",
    "clumsy": "is right work that looks like an attack, and must lose nothing",
}
Notebook = dict[str, Any]


@dataclass(frozen=True)
class Cheat:
    """One file of this folder."""

    name: str
    expect: str
    points: tuple[float, ...]
    module: ModuleType
    needs: frozenset[str] = frozenset()
    about: str = ""

    @property
    def tries(self) -> str:
        """What it tries, in its own words."""
        return " ".join((self.module.__doc__ or "").split("\n\n")[0].split())

    def hand_in(self, demo: Demo, student: str = "mallory") -> Submission:
        """Write the submission, files beside the notebook and all."""
        assignment = getattr(self.module, "ASSIGNMENT", "demo")
        submission = demo.hand_in(student, self.notebook(demo.notebook("release", assignment)), assignment)
        for name, content in getattr(self.module, "FILES", {}).items():
            path = submission.path.parent / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        getattr(self.module, "beside", lambda folder: None)(submission.path.parent)
        return submission

    def notebook(self, release: Notebook) -> Notebook:
        """The release notebook as this student hands it in."""
        answers = dict(getattr(self.module, "ANSWERS", {})) or {
            "tempered-softmax": getattr(self.module, "ANSWER", WRONG_ANSWER),
            "hot-limit": getattr(self.module, "CHOICE", WRONG_CHOICE),
        }
        for cell in release["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = answers.pop(grade_id, cell["source"])
        assert not answers, f"the release has no cells {sorted(answers)}"
        if hasattr(self.module, "FIRST"):
            release["cells"].insert(0, own_cell("first", self.module.FIRST))
        if hasattr(self.module, "LAST"):
            release["cells"].append(own_cell("last", self.module.LAST))
        getattr(self.module, "edit", lambda notebook: None)(release)
        return release


def own_cell(id: str, code: str) -> Notebook:
    """A code cell that the student added."""
    return {"cell_type": "code", "id": id, "metadata": {}, "source": code, "outputs": [], "execution_count": None}


def cheats() -> list[Cheat]:
    """Every cheat of this folder, by name."""
    return list(_load())


def _load() -> Iterator[Cheat]:
    for path in sorted(FOLDER.glob("*.py")):
        if path.stem not in FILES_THAT_ARE_NO_CHEATS:
            module = importlib.import_module(f"tests.attacks.{path.stem}")
            header = dict(re.findall(r"^(about|expect|points|needs): (.+)$", module.__doc__ or "", re.MULTILINE))
            points = tuple(float(number) for number in header.get("points", "1").split(" or "))
            needs = frozenset(re.findall(r"\w+", header.get("needs", "")))
            yield Cheat(path.stem, header.get("expect", ""), points, module, needs, header.get("about", ""))


def student_sees(grade: Grade, folder: Path) -> str:
    """Everything that the student gets to read: the notebook that ran, verdicts, repairs, and the rendered pages."""
    parts = [json.dumps(grade.notebook), grade.error, *(repair.message for repair in grade.repaired)]
    parts += [cell.error for cell in grade.cells]
    for item in grade.items:
        parts += [item.explanation, item.status]
        for check in item.checks:
            parts += [check.claim, check.message, check.hint, check.mistake, check.picture]
    parts += [path.read_text(encoding="utf-8") for path in write_feedback(grade, folder)]
    return "\n".join(parts)


def hidden_words(seed: int) -> list[str]:
    """What must never reach a student: the canaries in the checks, and the numbers of the hidden inputs and results."""
    z = Draw(seed, "rows_match_the_definition").tensor(3, 5, scale=2.0)
    draw = Draw(seed, "rows_match_the_definition")
    draw.tensor(3, 5, scale=2.0)
    tau = draw.uniform(0.3, 0.7)
    harm = Draw(seed, "scores_are_unharmed").tensor(4, 3)
    square = Draw(seed, "entries_are_squared").tensor(7)
    numbers: list[Any] = [z, torch.tensor([tau]), torch.softmax(z / tau, -1), harm, square, square**2]
    return [CANARY, *(repr(abs(value))[:8] for tensor in numbers for value in tensor.flatten().tolist())]
