"""A student's own cells beside their verdicts, in bounded measure."""

from __future__ import annotations

from autograder.model import Grade, ItemGrade
from autograder.notebooks import grade_id_of, source_of
from autograder.report.blocks import CodeText, Details
from autograder.report.plain import CODE_LIMIT, plain

_IN_ALL = 50_000  # characters of all answers on a page: one student fills no disk


def answers(grade: Grade) -> dict[str, Details]:
    """Item id -> its answer as it ran, folded away. Items that share a cell show it once."""
    cells = {grade_id_of(cell): cell for cell in grade.notebook.get("cells", ())}
    found: dict[str, Details] = {}
    left, shown = _IN_ALL, set[str]()
    for item in grade.items:
        cell = cells.get(item.answer)
        text = source_of(cell).strip("\n") if cell is not None else ""
        if not text.strip() or item.answer in shown:
            continue
        shown.add(item.answer)
        left -= min(len(text), CODE_LIMIT)
        if left < 0:
            break
        found[item.id] = _folded(text, item, cell is not None and cell.get("cell_type") == "code")
    return found


def _folded(text: str, item: ItemGrade, code: bool) -> Details:
    body = CodeText(plain(text, lines=True, limit=CODE_LIMIT), "python" if code else "prose")
    return Details("Your answer, as it ran" if code else "Your answer", (body,), aside=item.status == "passed")
