"""The files of an assignment folder, as text: what a foreign notebook comes to."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.foreign.model import ANSWER, LOCKED, MARKDOWN, TESTS, Block, Foreign, Left, Question
from autograder.words import grade_id_of

_MINUTES = 60
_HOLDS = '''

def _holds(test: Any, *args: Any, **kwargs: Any) -> bool:
    """Whether an assertion of a library goes through."""
    try:
        test(*args, **kwargs)
    except AssertionError:
        return False
    return True
'''


@dataclass(frozen=True)
class Made:
    """A check to be: the question it belongs to, the test it comes from, its lines and the imports they need."""

    name: str
    question: str
    test: str
    points: float
    claim: str
    body: tuple[str, ...]
    imports: tuple[str, ...]
    original: str


def automatic(checks: Sequence[Made]) -> frozenset[str]:
    """The questions that checks grade; a person grades the others, if they are worth anything."""
    return frozenset(check.question for check in checks)


def notebook_text(foreign: Foreign, graded: frozenset[str]) -> str:
    """notebook.py: percent format, as jupytext writes it."""
    import jupytext
    import nbformat

    questions = {question.id: question for question in foreign.questions}
    taken: set[str] = set()
    cells: list[Any] = []
    for block in foreign.blocks:
        metadata = _metadata(block, questions, graded, taken)
        if metadata is not None:
            source = _public(questions[block.name]) if block.kind == TESTS else block.source
            cells.append(_node(block.type, source, metadata))
    only_cells = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "all"}
    book = {"cells": cells, "metadata": {"jupytext": only_cells}, "nbformat": 4, "nbformat_minor": 4}
    text: str = jupytext.writes(nbformat.from_dict(book), fmt="py:percent")
    return text


def _node(type: str, source: str, metadata: dict[str, Any]) -> Any:
    node = {"cell_type": type, "metadata": metadata, "source": source}
    return {**node, "execution_count": None, "outputs": []} if type == "code" else node


def _metadata(
    block: Block, questions: dict[str, Question], graded: frozenset[str], taken: set[str]
) -> dict[str, Any] | None:
    """What a cell's first line says; None for a cell that has nothing to say any more."""
    question = questions.get(block.name)
    tags = {"tags": list(block.tags)} if block.tags else {}
    if block.kind == LOCKED:
        return {"locked": _free(block.name, taken, questions), **tags}
    if block.kind == TESTS:
        if question is not None and question.id in graded:
            return {"tests": question.id}
        return {"locked": _free(f"tests-of-{block.name}", taken, questions)} if _public(questions[block.name]) else None
    if block.kind != ANSWER or question is None:
        return dict(tags)
    if question.id in graded or (block.type == MARKDOWN and question.points > 0):
        return {"answer": question.id}
    if question.points > 0:
        flags = {"grade": True, "locked": False, "schema_version": 3, "solution": True, "task": False}
        return {"nbgrader": {**flags, "grade_id": grade_id_of(question.id), "points": question.points}}
    return {"solution": grade_id_of(question.id)} if block.type == "code" else {}


def _free(name: str, taken: set[str], questions: Iterable[str]) -> str:
    """A grade_id that nothing else has."""
    used = taken | {grade_id_of(id) for id in questions} | {grade_id_of(id, True) for id in questions}
    base = grade_id_of(name) or "given"
    found, number = base, 1
    while found in used:
        number += 1
        found = f"{base}-{number}"
    taken.add(found)
    return found


def _public(question: Question) -> str:
    shown = "\n\n".join(test.visible for test in question.tests if test.visible.strip())
    return shown or "pass  # nothing is tested here in the open"


def toml_text(title: str, foreign: Foreign, graded: frozenset[str], source: str) -> str:
    """assignment.toml."""
    lines = [
        f"title = {json.dumps(title, ensure_ascii=False)}",
        f"summary = {json.dumps(f'Carried over from {source}.', ensure_ascii=False)}",
        f"minutes = {_MINUTES}",
    ]
    for question in foreign.questions:
        if question.points <= 0:
            continue
        by_checks = question.id in graded
        lines += [
            "",
            "[[items]]",
            f"id = {json.dumps(question.id)}",
            f"title = {json.dumps(question.title, ensure_ascii=False)}",
            f'kind = "{"code" if by_checks else "manual"}"',
            f"source = {json.dumps(f'{source}: {question.id}', ensure_ascii=False)}",
        ]
        if not by_checks:
            by_hand = next(b for b in foreign.blocks if b.kind == ANSWER and b.name == question.id)
            lines += [f"answer = {json.dumps(grade_id_of(question.id))}"] if by_hand.type == "code" else []
            rubric = f'[{{ points = {question.points:g}, text = "As the reference answer has it." }}]'
            lines += [f"points = {question.points:g}", f"rubric = {rubric}"]
    return "\n".join(lines) + "\n"


def checks_text(id: str, source: str, checks: Sequence[Made]) -> str:
    """checks.py."""
    imports = sorted({line for check in checks for line in check.imports})
    body = "".join(_check(check) for check in checks)
    holds = "_holds(" in body
    head = [
        f'"""Hidden checks of {id}, carried over from {_quoted(source)}.',
        "",
        "Their inputs are the ones that the tests had. Draw them instead (`draw.tensor(3, 5)`): a number that never",
        "changes can be learned by heart. Students read docstrings and messages: let them give nothing away.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
    ]
    head += ["from typing import Any", ""] if holds else []
    head += [*imports, ""] if imports else []
    head += ["from autograder.judge import Draw, Student, check, expect"]
    return "\n".join(head) + "\n" + (_HOLDS if holds else "") + body


def _check(check: Made) -> str:
    body = textwrap.indent("\n".join(check.body), "    ")
    return (
        f'\n\n@check(item="{check.question}", points={check.points:g})\n'
        f"def {check.name}(student: Student, draw: Draw) -> None:\n"
        f'    """{_quoted(check.claim)}"""\n{body}\n'
    )


def _quoted(text: str) -> str:
    """Text that may stand in a docstring."""
    return text.replace("\\", "\\\\").replace('"""', "'''").strip().rstrip('"')


def todo_text(source: str, left: Sequence[Left], problems: Sequence[str]) -> str:
    """TODO.md: what was not carried over, whole, and why."""
    lines = [
        f"# What `seq2grade import` could not carry over from {source}",
        "",
        "Nobody reads this file but you. Go through it, then delete it.",
        "",
        "Beside what is listed here: `minutes` and `summary` in assignment.toml are placeholders, students read the",
        "claims and messages of the checks, and no wrong answer is declared yet (`mistakes/`, see docs/authoring.md).",
    ]
    for problem in problems:
        lines += ["", f"- **Does not build yet:** {problem}"]
    for one in left:
        lines += ["", f"## {one.where}", "", one.why[:1].upper() + one.why[1:] + "."]
        if one.text.strip():
            fence = "````" if "```" in one.text else "```"
            lines += ["", fence, one.text.rstrip("\n"), fence]
    return "\n".join(lines) + "\n"
