"""An exam as an assignment folder like any other: build, grade, formgrader and export need to know nothing of exams.

The notebook that is built holds blanks only. What somebody is asked stands on their own paper, and what is right in
papers.json beside the checks, which no student receives and no sandbox sees.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from autograder.exam.blueprint import Blueprint
from autograder.questions.paper import PAPERS, SPECIMEN, Paper, Papers
from autograder.questions.templates import Question

MISTAKES = "mistakes"
_LIMITS = "[limits]\ncell_seconds = 20.0\ntotal_seconds = 60.0\ncheck_seconds = 10.0\n"
_KERNEL = """\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---
"""
_SETUP = """\
# %% figure="ready"
INSTALL = 'pip install "seq2grade-kit[notebook]"'  # once, in a terminal
try:
    import seq2kit.ready
except ImportError:
    raise ImportError(f"The course's kit is missing. Run  %{INSTALL}  in a cell, then restart the kernel.") from None
seq2kit.ready.check(INSTALL, kit="0.2", torch="2.6", numpy="1.26")

# %% locked="setup"
from seq2kit import quiz

answers = {}  # "q1" -> letters or a number; this counts
"""


def folder_files(blueprint: Blueprint, papers: Papers) -> Mapping[str, str]:
    """Name -> text of each file of the assignment."""
    specimen = papers.papers[SPECIMEN]
    return {
        "assignment.toml": _assignment(blueprint, specimen, papers),
        "notebook.py": _notebook(blueprint, specimen),
        "checks.py": _checks(specimen),
        PAPERS: papers.dump(),
        **{f"{MISTAKES}/{one.name}.toml": _mistake(one) for one in specimen.questions},
    }


def solution_value(question: Question) -> str:
    """The right answer as Python writes it."""
    if question.kind != "number":
        return json.dumps(question.letters)
    whole = question.key == int(question.key)
    return str(int(question.key)) if whole else repr(question.key)


def _mistake(question: Question) -> str:
    """One that tells of no question: what is right differs from student to student, and so does every misconception.
    That the wrong answers of each paper are wrong was tried when it was drawn."""
    name = question.name
    change = [f'answers["{name}"] = {solution_value(question)}', f'answers["{name}"] = "?"']
    return (
        '[no_answer]\nthinks = "a question mark is an answer"\n'
        'explain = "A question mark is no answer: give letters, or a number."\n'
        f'caught_by = ["question_{name[1:]}"]\nchange = [{json.dumps(change)}]\n'
    )


def _assignment(blueprint: Blueprint, specimen: Paper, papers: Papers) -> str:
    table = blueprint.table
    count = len(specimen.questions)
    summary = f"An exam of {count} questions in {table.minutes} minutes; each student has a paper of their own."
    head = [
        f"# Written by `seq2grade exam make`, from exams/{blueprint.path.name}: change that one.",
        f"title = {_quoted(table.title)}",
        f"summary = {_quoted(summary)}",
        f"minutes = {table.minutes}",
        f"due = {blueprint.due.isoformat()}",
        'device = "cpu"',
        "",
        _LIMITS,
    ]
    items = [
        f'[[items]]\nid = "{one.name}"\ntitle = "Question {one.name[1:]}"\n'
        f'kind = "{_kind(one.name, papers)}"\nminutes = {one.minutes}\n'
        'source = "drawn from the course\'s bank for each student; papers.json says which question"\n'
        for one in specimen.questions
    ]
    return "\n".join([*head, *items])


def _kind(name: str, papers: Papers) -> str:
    numbers = (paper.question(name).kind == "number" for paper in papers.papers.values())
    return "number" if any(numbers) else "choice"


def _notebook(blueprint: Blueprint, specimen: Paper) -> str:
    title = f"# %% [markdown]\n# # {blueprint.table.title}\n#\n# The blank form. Your own paper has your name on it.\n"
    cells = "".join(map(_cells, specimen.questions))
    return f"{_KERNEL}\n{title}\n{_SETUP}\n{cells}".rstrip("\n") + "\n"


def _cells(question: Question) -> str:
    name = question.name
    return f"""\
# %% [markdown]
# ## Question {name[1:]}
#
# What is asked stands on your own paper.

# %% answer="{name}"
# replace the dots:  answers["{name}"] = "..."
### BEGIN SOLUTION
answers["{name}"] = {solution_value(question)}
### END SOLUTION

# %% tests="{name}"
quiz.given(answers, "{name}")

"""


def _checks(specimen: Paper) -> str:
    head = '"""Written by `seq2grade exam make`. What is right for whom stands in papers.json."""\n\n'
    head += "from __future__ import annotations\n\nfrom autograder.judge import Draw, Student, answered, check\n"
    checks = [
        f'\n\n@check(item="{one.name}", points={one.points:g})\n'
        f"def question_{one.name[1:]}(student: Student, draw: Draw) -> None:\n"
        f'    """Question {one.name[1:]} of your own paper is answered right."""\n'
        f'    answered(__file__, student, "{one.name}")\n'
        for one in specimen.questions
    ]
    return head + "".join(checks)


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    return json.dumps(text, ensure_ascii=False)
