"""Text as a hostile submission would write it, and a grade that says it in every field."""

from __future__ import annotations

from dataclasses import replace

from bs4 import BeautifulSoup

from autograder.model import CellRun, Grade, Repair
from tests.report import sample

PAYLOADS = (
    "<script>alert(1)</script>",
    "</style></title><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)> ' onmouseover='alert(1)",
    "<svg onload=alert(1)><foreignObject><iframe src=//e.example></foreignObject></svg>",
    "javascript:alert(1)",
    "{{ 7 * 7 }} {% raw %} {# no #}",
    "\x1b[31mred\x1b[0m \x1b]8;;http://e.example\x07link\x1b]8;;\x07 \x9b2J",
    "one\r\n::error file=x,line=1::forged ##[error]forged",
    "\u202egnp.exe\u202c and \u2066hidden\u2069 and zero\u200bwidth",
    "| a | b |\n|---|---|\n| ``code`` | \\| |",
    "[x](http://e.example) ![y](http://e.example/p.png) <http://e.example> www.e.example https://e.example",
    "me@e.example mailto:me@e.example [^1] $$x$$ :smile: @someone #12",
    "# head\n- list\n1. one\n> quote\n*em* _em_ **b** ~~no~~ $x$ &lt; &#60;",
    "[red]rich[/red] [link=http://e.example]x[/link]",
    "broken \ud800 half, null \x00, bell \x07",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "--- \n===\n***",
)


def everywhere(payload: str) -> Grade:
    """A grade with `payload` in every text a renderer may show."""
    grade = sample.grade(6, skill=0.4)
    items = tuple(
        replace(
            item,
            title=payload,
            explanation=payload,
            section=payload,
            person=0.5,
            comment=payload,
            rubric=payload,
            reference=payload,
            answer=f"answer-{number}",
            checks=tuple(
                replace(
                    c,
                    claim=payload,
                    message=payload,
                    hint=payload,
                    mistake=payload,
                    thinks=payload,
                    detail=payload,
                    picture=payload,
                    given=payload,
                )
                for c in item.checks
            ),
        )
        for number, item in enumerate(grade.items)
    )
    kinds = ("code", "markdown")
    cells = [
        {"cell_type": kinds[n % 2], "id": f"{payload}{n}", "metadata": {"nbgrader": {"grade_id": f"answer-{n}"}},
         "source": payload}
        for n in range(len(items))
    ]  # fmt: skip
    return replace(
        grade,
        student=payload,
        assignment=payload,
        digest=payload,
        sandbox=payload,
        error=payload,
        flagged=True,
        items=items,
        penalty=0.5,
        late=payload,
        notebook={"cells": [*cells, {"cell_type": "code", "id": payload, "metadata": {}, "source": payload}]},
        repaired=(Repair("edited", payload, payload), Repair(payload, payload, payload)),
        cells=(
            CellRun(payload, "error", 1.0, payload),
            CellRun(payload, "died", 1.0, payload),
            CellRun("c", payload, 0),
        ),
    )


LIVE = (
    "script",
    "iframe",
    "object",
    "embed",
    "img",
    "form",
    "input",
    "foreignobject",
    "base",
    "link",
    "video",
    "audio",
)


def assert_dead(page: str) -> BeautifulSoup:
    """No element that loads or runs, no event attribute, no link that leaves; returns the parsed page."""
    soup = BeautifulSoup(page, "html.parser")
    for element in soup.find_all(True):
        assert element.name not in LIVE, element
        for name, value in element.attrs.items():
            assert not name.startswith("on"), element
            if name in ("href", "src", "xlink:href", "action"):
                assert name == "href", element
                assert ":" not in value, element
                assert not value.startswith("/"), element
    return soup


def words(text: str) -> str:
    """Text with all white space made equal, for comparing what is read."""
    return " ".join(text.split())
