"""Small exams for tests: a blueprint, a bank, papers."""

from __future__ import annotations

import datetime
from pathlib import Path

from autograder.exam.assemble import assemble
from autograder.exam.blueprint import Blueprint, read_blueprint
from autograder.questions.bank import load_bank
from autograder.questions.paper import Papers

ROOT = Path(__file__).resolve().parents[2]
COURSE_BANK = load_bank(ROOT)
SECRET = b"s" * 32
OPENS = datetime.datetime.fromisoformat("2027-02-01T09:00:00+01:00")
HEAD = 'title = "Small"\nopens = 2027-02-01T09:00:00+01:00\nminutes = 60\n'
SMALL = (
    HEAD
    + '[extra_minutes]\nada = 15\n[[sections]]\ntitle = "Models"\ntopic = "models"\nnumber = 2\nmix = true\n'
    + '[[sections]]\ntitle = "Costs"\nquestions = ["ring-messages", "kv-cache"]\npoints = 2\n'
    + '[[sections]]\ntitle = "Counts"\ntopic = "counting"\nnumber = 2\nform = "choice"\n'
)


def plan(folder: Path, text: str = SMALL, name: str = "small") -> Blueprint:
    """A blueprint from its text."""
    path = folder / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_blueprint(path)


def papers(blueprint: Blueprint, *students: str, secret: bytes = SECRET, issued: Papers | None = None) -> Papers:
    """Papers drawn from the course's own bank."""
    return assemble(blueprint, COURSE_BANK, secret, students, issued)
