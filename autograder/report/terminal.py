"""Blocks and grades for the terminal, as rich renderables: text never becomes markup or control codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table as RichTable
from rich.text import Text as RichText

from autograder.model import CheckResult, Grade, Status
from autograder.report import charts
from autograder.report.blocks import (
    MARKS,
    Bars,
    Block,
    Bullets,
    Callout,
    Card,
    CodeText,
    Contents,
    Details,
    Facts,
    Heading,
    Histogram,
    Meter,
    Picture,
    Table,
    Text,
    Tone,
    Verdict,
)
from autograder.report.plain import plain, points, worth
from autograder.report.verdicts import check_score, check_tone, item_score, item_tone, legend, reasons, score, titled

STYLES: dict[Tone, str] = {
    "": "",
    "good": "green",
    "part": "yellow",
    "bad": "red",
    "blank": "dim",
    "unsure": "magenta",
    "wait": "blue",
    "note": "cyan",
}
_BAR = 24
_CELL = 400  # characters of one student's that a table of the whole class shows


def safe(text: object, style: str = "", *, lines: bool = False) -> RichText:
    """`text` as rich text without markup.

    Wrapping may put any part of it at the start of a line, where a CI log takes `::` for a command.
    """
    return RichText(plain(text, lines=lines).replace("::", ": :"), style=style)


def score_table(grades: Sequence[Grade]) -> RichTable:
    """One line per grade: student, score, a mark per item, and why an instructor should look."""
    table = RichTable(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False,
        caption=safe(legend(grades), "dim"), caption_justify="left",
    )  # fmt: skip
    table.add_column("student", overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("items", no_wrap=False)
    table.add_column("to look at", overflow="fold")
    for grade in grades:
        marks = RichText()
        for item in grade.items:
            marks.append(MARKS[item_tone(item)] + " ", STYLES[item_tone(item)])
        why = plain(reasons(grade), limit=_CELL)
        got, most = score(grade)
        table.add_row(
            safe(plain(grade.student, limit=_CELL)),
            f"{points(got)} / {points(most)}",
            marks,
            RichText("⚑ ", STYLES["unsure"]) + safe(why) if why else "",
        )
    return table


def grade_panel(grade: Grade) -> Panel:
    """One grade in a frame: the score, each item, and what is wrong at every check that did not pass."""
    lines: list[RenderableType] = [_bar(*score(grade))]
    if grade.late:
        lines.append(safe(grade.late, "dim"))
    if reasons(grade):
        lines.append(RichText("⚑ ", STYLES["unsure"]) + safe(reasons(grade)))
    lines.append("")
    told: set[str] = set()
    for item in grade.items:
        head = _marked(item_tone(item), titled(item))
        lines.append(head.append(f"  {item_score(item)}", "dim"))
        if item_tone(item) != "blank":
            lines += [_failing(check, told) for check in item.checks if check.status is not Status.PASSED]
    lines += ["", safe(legend([grade], checks=True), "dim")]
    if grade.waiting > 0:
        lines.append(RichText(f"A person grades {worth(grade.waiting)} more.", "dim"))
    return Panel(Group(*lines), title=safe(grade.student, "bold"), title_align="left", padding=(1, 2))


def _failing(check: CheckResult, told: set[str]) -> RenderableType:
    """A check that did not pass, and why, unless that was `told` before."""
    line = _marked(check_tone(check), check.claim or check.name).append(f"  {check_score(check)}", "dim")
    said = check.mistake or check.message
    why = [Padding(safe("Same cause as above." if said in told else said), (0, 0, 0, 2))] if said else []
    told.add(said)
    return Padding(Group(line, *why), (0, 0, 0, 2))


def render(blocks: Sequence[Block]) -> Group:
    """Any report for the terminal."""
    return Group(*(part for block in blocks for part in _block(block)))


def _marked(tone: Tone, text: str) -> RichText:
    return RichText(MARKS[tone] + " ", STYLES[tone]) + safe(text)


def _bar(value: float, maximum: float) -> RichText:
    filled = round(_BAR * min(1.0, max(0.0, value / maximum))) if maximum > 0 else 0
    bar = RichText("█" * filled, "cyan") + RichText("░" * (_BAR - filled), "dim")
    return bar + RichText(f"  {points(value)} of {points(maximum)} points", "bold")


def _block(block: Block) -> list[RenderableType]:
    return _WRITERS[type(block)](block)


def _heading(block: Heading) -> list[RenderableType]:
    if block.level == 1:
        return [safe(block.eyebrow, "cyan"), Rule(safe(block.text, "bold"), align="left"), ""]
    return ["", safe(block.text, "bold underline"), ""]


def _text(block: Text) -> list[RenderableType]:
    style = STYLES[block.tone] or ("bold" if block.big else "dim" if block.quiet else "")
    said = safe(" ".join([block.text, ", ".join(where for where, _ in block.links)]).rstrip(), style)
    return [safe(block.lead + " ", "bold cyan").append(" ") + said if block.lead else said]


def _code(block: CodeText) -> list[RenderableType]:
    return [Padding(safe(block.text, "dim", lines=True), (0, 0, 0, 2))]


def _bullets(block: Bullets) -> list[RenderableType]:
    return [RichText("• ") + safe(item) for item in block.items]


def _facts(block: Facts) -> list[RenderableType]:
    grid = RichTable.grid(padding=(0, 2))
    for fact in block.facts:
        grid.add_row(safe(fact.label, "dim"), safe(fact.value, "bold"), safe(fact.note, "dim"))
    return [grid, ""]


def _meter(block: Meter) -> list[RenderableType]:
    return [_bar(block.value, block.maximum), *([safe(block.caption, "dim")] if block.caption else []), ""]


def _table(block: Table) -> list[RenderableType]:
    table = RichTable(box=box.SIMPLE_HEAD, caption=safe(block.caption, "dim") if block.caption else None)
    for column in block.columns:
        table.add_column(safe(column.title), justify="right" if column.kind == "number" else "left", overflow="fold")
    for row in block.rows:
        table.add_row(
            *(
                _marked(cell.tone, cell.text)
                if cell.tone and cell.text != MARKS[cell.tone]
                else safe(cell.text, STYLES[cell.tone])
                for cell in row
            )
        )
    return [table]


def _bars(block: Bars) -> list[RenderableType]:
    grid = RichTable.grid(padding=(0, 2))
    for bar in block.bars:
        line = RichText()
        for tone, number in bar.parts:
            line.append("█" * round(_BAR * number / max(1, block.total)), STYLES[tone])
        counts = RichText(" ").join(
            RichText(f"{MARKS[tone]}{number}", STYLES[tone]) for tone, number in bar.parts if number and tone != "note"
        )
        grid.add_row(safe(bar.label), line, safe(bar.value, "bold"), counts)
    return [grid]


def _histogram(block: Histogram) -> list[RenderableType]:
    step, most = (block.high - block.low) / len(block.counts), max(1, *block.counts)
    grid = RichTable.grid(padding=(0, 2))
    for i, number in enumerate(block.counts):
        span = f"{points(block.low + i * step)} to {points(block.low + (i + 1) * step)}"
        grid.add_row(RichText(span, "dim"), RichText("█" * round(_BAR * number / most), "cyan"), str(number))
    return [grid, safe(block.caption or charts.described(block), "dim")]


def _nothing(block: Contents | Picture) -> list[RenderableType]:
    return []


def _callout(block: Callout) -> list[RenderableType]:
    style = STYLES[block.tone]
    return [
        Panel(
            render(block.blocks),
            title=_marked(block.tone, block.title),
            title_align="left",
            border_style=style,
        ),
        "",
    ]


def _details(block: Details) -> list[RenderableType]:
    if block.aside:
        return []
    return [safe(block.summary, "dim"), Padding(render(block.blocks), (0, 0, 0, 2))]


def _card(block: Card) -> list[RenderableType]:
    head = _marked(block.tone, block.title).append("  ") + safe(block.score, "dim")
    return [head, Padding(render(block.blocks), (0, 0, 1, 2))]


def _verdict(block: Verdict) -> list[RenderableType]:
    head = _marked(block.tone, block.claim).append("  ") + safe(block.score, "dim")
    return [head, Padding(render(block.blocks), (0, 0, 0, 2))] if block.blocks else [head]


_WRITERS: dict[type, Callable[..., list[RenderableType]]] = {
    Heading: _heading,
    Text: _text,
    CodeText: _code,
    Bullets: _bullets,
    Contents: _nothing,
    Facts: _facts,
    Meter: _meter,
    Table: _table,
    Bars: _bars,
    Histogram: _histogram,
    Picture: _nothing,
    Callout: _callout,
    Details: _details,
    Card: _card,
    Verdict: _verdict,
}
