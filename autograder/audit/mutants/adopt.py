"""A mutant becomes a declared mistake: a table at the end of mistakes/<item id>.toml."""

from __future__ import annotations

import ast
from pathlib import Path

from autograder.assignment import Assignment
from autograder.audit.mutants.rank import Tried
from autograder.errors import AssignmentError
from autograder.variants import read_mistakes, redefined, without_marks


def adopt(assignment: Assignment, tried: Tried) -> Path:
    """Append the table and return its file. What it says to students is a first draft, in words of the operator.

    Raises AssignmentError when no check catches the mutant at every seed, or it is adopted already.
    """
    mutant = tried.mutant
    path = assignment.folder / "mistakes" / f"{tried.item}.toml"
    name = f"mutant_{mutant.name}"
    if not tried.outcome.always:
        caught = f" (at some seeds: {', '.join(tried.outcome.failed)})" if tried.outcome.failed else ""
        raise AssignmentError(path, name, f"expected a check that catches it at every seed{caught}: sharpen one first")
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    if path.is_file() and name in read_mistakes(path):
        raise AssignmentError(path, name, "it is declared already")
    item = assignment.item(tried.item)
    solution = without_marks(assignment.cell(item.answer).source)
    code = _changed(solution, mutant.code)
    redefined(path, name, solution, code)  # fits, or says why not
    where = mutant.where or "your answer"
    table = [
        f"[{name}]", f"thinks = {_text(mutant.operator)}",
        f"explain = {_text(f'Look again at {where}: there is {mutant.operator}.')}",
        "caught_by = [" + ", ".join(map(_text, tried.outcome.always)) + "]", f"code = {_long(code)}", "",
    ]  # fmt: skip
    path.parent.mkdir(exist_ok=True)
    path.write_text((before.rstrip("\n") + "\n\n" if before.strip() else "") + "\n".join(table), encoding="utf-8")
    return path


def _changed(solution: str, code: str) -> str:
    """The statements at the top in which a mutant differs from the solution."""
    own = {ast.dump(node) for node in ast.parse(solution).body}
    return "\n\n\n".join(ast.unparse(node) for node in ast.parse(code).body if ast.dump(node) not in own)


def _text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _long(text: str) -> str:
    """As TOML writes code: as it is, where nothing in it ends the quotes."""
    if "'''" not in text:
        return f"'''\n{text}'''"
    return '"""\n' + text.replace("\\", "\\\\").replace('"', '\\"') + '"""'
