"""Results where GitHub shows them: a step's summary, annotations, and the JSON that Classroom's reporter reads.

Sources: GitHub's documentation of workflow commands (escaping, ten errors and ten warnings a step) and of job summaries
(1 MiB a step); classroom-resources/autograding-grading-reporter for Classroom, which adds up the tests' scores.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from autograder.export.public import Check, Item, Result, number, short
from autograder.model import Status
from autograder.report import markdown
from autograder.report.blocks import Block, Callout, Cell, Column, Heading, Meter, Table, Text, Tone, Verdict
from autograder.report.plain import plain, worth

SUMMARY_LIMIT = 1024 * 1024 - 1024  # of bytes
_ANNOTATIONS = 10  # of each level that GitHub shows
_MESSAGE = 1000
_TONE: dict[Status, Tone] = {Status.PASSED: "good", Status.FAILED: "bad", Status.COULD_NOT_CHECK: "unsure"}
_STATUS = {Status.PASSED: "pass", Status.FAILED: "fail", Status.COULD_NOT_CHECK: "error"}


def summary(results: Sequence[Result]) -> str:
    """Markdown for $GITHUB_STEP_SUMMARY, within what GitHub takes."""
    text, left = "", SUMMARY_LIMIT
    for position, result in enumerate(results):
        part = markdown.page(tuple(_page(result))) + "\n"
        left -= len(part.encode("utf-8"))
        if left < 0:
            return text + f"{len(results) - position} more results are left out: GitHub shows no longer summary.\n"
        text += part
    return text


def _page(result: Result) -> Iterator[Block]:
    yield Heading(f"{result.assignment}: {plain(result.student, limit=200)}", 2)
    yield Meter(result.total, result.max_points, result.pending, result.open and f"Not the last word: {result.open}.")
    if result.late:
        yield Text(result.late)
    if result.error:
        yield Callout("Something went wrong with this submission", (Text(result.error),), "bad")
    rows = tuple((Cell(item.title), Cell(_score(item), _tone(item))) for item in result.items)
    if rows:
        yield Table((Column("Item"), Column("Points", "state")), rows)
    for item in result.items:
        wrong = [check for check in item.checks if check.status is not Status.PASSED]
        if wrong:
            yield Heading(item.title, 3)
            yield from (_verdict(check) for check in wrong)


def _verdict(check: Check) -> Verdict:
    told = (Text(plain(check.message, limit=_MESSAGE)),) if check.message else ()
    return Verdict(check.claim, _TONE[check.status], f"{number(check.points)} of {worth(check.max_points)}", told)


def _score(item: Item) -> str:
    if item.waits:
        return f"a person grades up to {worth(item.max_points)}"
    text = f"{number(item.points)} of {worth(item.max_points)}"
    return f"{text}, {number(item.pending)} open" if item.pending else text


def _tone(item: Item) -> Tone:
    if item.waits:
        return "wait"
    if item.pending:
        return "unsure"
    return "good" if item.points >= item.max_points else "part" if item.points > 0 else "bad"


def annotated(results: Sequence[Result], file: str = "") -> list[str]:
    """Workflow commands, a line each: an error for a check that failed, a warning for one that we could not run. GitHub
    shows ten of each, so the tenth says how many more there are. `file` is the notebook's path in the repository."""
    lines = []
    several = len(results) > 1
    for level, wanted in (("error", Status.FAILED), ("warning", Status.COULD_NOT_CHECK)):
        found = [
            (result, item, check)
            for result in results
            for item in result.items
            for check in item.checks
            if check.status is wanted
        ]
        most = _ANNOTATIONS if len(found) <= _ANNOTATIONS else _ANNOTATIONS - 1
        for result, item, check in found[:most]:
            who = f"{result.student}: " if several else ""
            title = f"{who}{item.title}: {check.claim}"
            lines.append(command(level, check.message or check.claim, file=file, title=plain(title, limit=200)))
        if found[most:]:
            told = f"{len(found) - most} more like this are in the summary of this step."
            lines.append(command(level, told, file=file, title="And more"))
    return lines


def command(name: str, message: str, **properties: str) -> str:
    """A workflow command: one line, whatever the texts are, with GitHub's escapes."""
    told = ",".join(f"{key}={_escaped(plain(text), ',:')}" for key, text in properties.items() if text)
    return f"::{name}{' ' + told if told else ''}::{_escaped(plain(message, limit=_MESSAGE))}"


def _escaped(text: str, more: str = "") -> str:
    for letter in "%\r\n" + more:
        text = text.replace(letter, f"%{ord(letter):02X}")
    return text


def classroom(result: Result) -> str:
    """The result of one student for Classroom's reporter: a test for each check, whose scores add up to the total."""
    checks = [(item, check) for item in result.items for check in item.checks]
    if result.pending or any(check.status is Status.COULD_NOT_CHECK for _, check in checks):
        status = "error"
    else:
        status = "pass" if checks and all(check.status is Status.PASSED for _, check in checks) else "fail"
    tests = [
        _test(f"{item.title}: {check.claim}", _STATUS[check.status], check.points, check.message)
        for item, check in checks
    ]
    rest = result.total - sum(check.points for _, check in checks)
    if abs(rest) > 1e-6:
        tests.append(_test("Handed in late", "fail", rest, result.late))
    most = short(sum(check.max_points for _, check in checks))
    document = {"version": 1, "status": status, "max_score": most, "tests": tests}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _test(name: str, status: str, score: float, message: str) -> dict[str, Any]:
    return {
        "name": plain(name, limit=300),
        "status": status,
        "score": short(score),
        "message": plain(message, limit=_MESSAGE),
        "test_code": "",
        "filename": "",
        "line_no": 0,
        "execution_time": 0,
    }
