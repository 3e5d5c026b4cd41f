"""Blocks as Markdown that GitHub and Jupyter read alike; no HTML in it, and no text that acts as markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from autograder.report import charts
from autograder.report.blocks import (
    MARKS,
    WORDS,
    Bars,
    Block,
    Bullets,
    Callout,
    Card,
    Cell,
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
    Verdict,
)
from autograder.report.plain import CODE_LIMIT, LIMIT, href, plain, points

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$#@])")
_AT_START = re.compile(r"^([-+=]|\d{1,9}(?=[.)](?:\s|$)))")
# GitHub turns bare addresses into links, and GitHub's runner reads `::` as a command.
_LINKING = re.compile(r"(:)(?=//|:)|(?:www(?=\.)|(?:mailto|xmpp)(?=:))", re.IGNORECASE)


def page(blocks: Sequence[Block]) -> str:
    """The whole document, ending in a newline."""
    return "\n\n".join(part for block in blocks if (part := _block(block))) + "\n"


def escape(text: object) -> str:
    """`text` on one line, so that Markdown shows its letters: no emphasis, code, link, table, HTML."""
    line = _SPECIAL.sub(r"\\\1", plain(text))
    line = _AT_START.sub(lambda found: "\\" + found[1] if not found[1].isdigit() else found[1] + "\\", line)
    return _LINKING.sub(_unlinked, line)


def _unlinked(found: re.Match[str]) -> str:
    """A bare address must not become a link: break it where the parser looks."""
    return "\\:" if found[1] else f"{found[0]}\\"


def _block(block: Block) -> str:
    return _WRITERS[type(block)](block)


def _inside(blocks: Sequence[Block]) -> str:
    return "\n\n".join(part for block in blocks if (part := _block(block)))


def _heading(block: Heading) -> str:
    title = f"{'#' * block.level} {escape(block.text)}"
    return f"{title}\n\n{escape(block.eyebrow)}" if block.eyebrow else title


def _text(block: Text) -> str:
    text = f"**{escape(block.text)}**" if block.big and block.text.strip() else escape(block.text)
    text = " ".join([text, ", ".join(escape(where) for where, _ in block.links)]).rstrip()
    return f"*{escape(block.lead)}* {text}" if block.lead else text


def _code(block: CodeText) -> str:
    text = plain(block.text, lines=True, limit=CODE_LIMIT if block.language == "python" else LIMIT)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{'python' if block.language == 'python' else 'text'}\n{text}\n{fence}"


def _bullets(block: Bullets) -> str:
    return "\n".join(f"- {escape(item)}" for item in block.items)


def _facts(block: Facts) -> str:
    return "\n".join(
        f"- {escape(fact.label)}: **{escape(fact.value)}**" + (f" ({escape(fact.note)})" if fact.note else "")
        for fact in block.facts
    )


def _meter(block: Meter) -> str:
    score = f"**{points(block.value)} of {points(block.maximum)} points**"
    return f"{score}\n\n{escape(block.caption)}" if block.caption else score


def _cell(cell: Cell) -> str:
    text = escape(cell.text)
    mark = MARKS[cell.tone]
    target = "" if cell.link.startswith("#") else href(cell.link)
    if target and text:
        text = f"[{text}](<{target}>)"
    return text if not mark or mark == cell.text else f"{mark} {text}"


def _table(block: Table) -> str:
    rules = {"number": "---:", "mark": ":---:"}
    lines = [
        [escape(column.title) for column in block.columns],
        [rules.get(column.kind, "---") for column in block.columns],
        *([_cell(cell) for cell in row] for row in block.rows),
    ]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{table}\n\n{escape(block.caption)}" if block.caption else table


def _bars(block: Bars) -> str:
    lines = []
    for bar in block.bars:
        counts = ", ".join(f"{number} {WORDS[tone]}" for tone, number in bar.parts if number and tone != "note")
        told = ": ".join(part for part in (escape(bar.value), counts) if part)
        note = f" ({escape(bar.note)})" if bar.note else ""
        lines.append(f"- {escape(bar.label)}{note}: {told}")
    return "\n".join(lines)


def _histogram(block: Histogram) -> str:
    return escape(charts.described(block))


def _callout(block: Callout) -> str:
    inside = f"**{escape(block.title)}**\n\n{_inside(block.blocks)}"
    return "\n".join(f"> {line}".rstrip() for line in inside.splitlines())


def _details(block: Details) -> str:
    return "" if block.aside else f"{escape(block.summary)}:\n\n{_inside(block.blocks)}"


def _card(block: Card) -> str:
    label = f"{escape(block.label)}: " if block.label else ""
    title = f"### {MARKS[block.tone]} {escape(block.title)}"
    result = f"{label}{escape(block.word or WORDS[block.tone])}, {escape(block.score)}"
    return f"{title}\n\n{result}\n\n{_inside(block.blocks)}".rstrip()


def _verdict(block: Verdict) -> str:
    line = f"- {MARKS[block.tone]} {escape(block.claim)} ({escape(block.score)})"
    body = _inside(block.blocks)
    return "\n".join([line, *(f"  {part}".rstrip() for part in ["", *body.splitlines()])]) if body else line


def _nothing(block: Contents | Picture) -> str:
    """Links inside a page, and drawings, have no place in Markdown that must travel alone."""
    return "*There is a picture of this in feedback.html.*" if isinstance(block, Picture) else ""


_WRITERS: dict[type, Callable[..., str]] = {
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
