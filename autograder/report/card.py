"""One item of the feedback page: what holds, what does not and why, what a person says, and the answer itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from autograder.model import CheckResult, ItemGrade, Kind, Status
from autograder.report.blocks import Block, Bullets, Card, CodeText, Details, Picture, Text, Verdict
from autograder.report.causes import Cause, lost
from autograder.report.plain import count, points, worth
from autograder.report.verdicts import check_score, check_tone, item_score, item_tone, item_word, titled

OUR_FAULT = "This was our fault, it costs you nothing, and your instructor has been told."
CARRIED = (
    "Passed with correct versions of the earlier items it builds on, so that an earlier mistake does not cost"
    " points twice."
)
_LINE = re.compile(r"^[-*] (?:\*\*(\d+(?:\.\d+)?)\*\*: )?")
Causes = Sequence[tuple[Cause, list[CheckResult]]]


def card(item: ItemGrade, anchors: Mapping[str, str], found: Causes, answer: Details | None) -> Card | None:
    """The card of an item; None where the table of items says it all. `anchors`: item id -> its card's."""
    blank = item_tone(item) == "blank"
    judged = () if blank else (*_checks(item, anchors, found), *((answer,) if answer is not None else ()))
    blocks = (*_person(item, blank), *judged)
    if not blocks:
        return None
    return Card(
        title=titled(item),
        tone=item_tone(item),
        score=item_score(item),
        blocks=blocks,
        label=item.id,
        anchor=anchors[item.id],
        word=item_word(item),
        back="items",
    )


def _person(item: ItemGrade, blank: bool) -> Iterator[Block]:
    if item.person is not None:
        instead = "" if item.kind is Kind.MANUAL else f" They count in place of the checks' {worth(item.score)}."
        yield Text(f"A person gave {points(item.person)} of {worth(item.max_score)}.{instead}")
    if item.extra:
        yield Text(f"On top of that: {worth(item.extra)} of extra credit.")
    if item.comment.strip():
        yield Text("", lead="Your instructor says:")
        yield CodeText(item.comment.strip(), "prose")
    if item.rubric.strip() and not blank:
        lines = item.rubric.strip().splitlines()
        yield Details("How it is graded", (Bullets(tuple(_LINE.sub(_points, line) for line in lines)),))
    if item.reference.strip():
        yield Details("The course's own answer", (CodeText(item.reference.strip(), "prose"),))


def _points(line: re.Match[str]) -> str:
    """A line of a rubric begins with what it is worth."""
    return f"{worth(float(line[1]))}: " if line[1] else ""


def _checks(item: ItemGrade, anchors: Mapping[str, str], found: Causes) -> Iterator[Block]:
    unrun = [check for check in item.checks if check.status is Status.COULD_NOT_CHECK]
    passed = [check for check in item.checks if check.status is Status.PASSED]
    if item.explanation and item.explanation not in {cause.told for cause, _ in found}:
        yield Text(item.explanation)
    said: set[str] = set()
    for cause, checks in found:
        yield from _cause(item, cause, checks, anchors, said)
    yield from _told_once(unrun, f"We could not run this check. {OUR_FAULT}", "could not be run for that reason")
    if item.pending > 0 and item.kind is not Kind.MANUAL and not unrun and item.person is None:
        yield Text(f"We could not run all checks of this item. {OUR_FAULT}")
    yield from _told_once([check for check in passed if check.carried], CARRIED, "passed in the same way")
    for check in passed:
        if check.picture and not check.carried:
            yield _verdict(check, *_picture(check))
    quiet = tuple(_verdict(check) for check in passed if not check.carried and not check.picture)
    if quiet:
        more = " more" if len(quiet) < len(passed) else ""
        yield Details(f"{count(len(quiet), f'{more} check'.strip())} passed", quiet)


def _verdict(check: CheckResult, *blocks: Block) -> Verdict:
    return Verdict(check.claim or check.name, check_tone(check), check_score(check), blocks)


def _told_once(checks: Sequence[CheckResult], why: str, how: str) -> Iterator[Block]:
    """Checks of which the same is to be said: said at the first, in the open; the others are folded."""
    for check in checks[:1]:
        yield _verdict(check, *_picture(check), Text(why))
    if checks[1:]:
        rest = tuple(_verdict(check, *_picture(check)) for check in checks[1:])
        yield Details(f"{count(len(rest), 'more check')} {how}", rest)


def _cause(
    item: ItemGrade, cause: Cause, checks: list[CheckResult], anchors: Mapping[str, str], said: set[str]
) -> Iterator[Block]:
    """A cause in full at the first item that it costs something; at the others a word and a link. Its further checks
    are folded, each with what it alone has to say. `said` keeps an item from repeating itself."""
    if cause.first is item:
        given = next((check.given for check in checks if check.given), "")
        words = *_told(cause, given), *_own(checks[0], said), *_elsewhere(cause, anchors)
    else:
        said.update(text for check in checks for text in (check.message, check.hint))
        where = ((titled(cause.first), anchors[cause.first.id]),)
        words = Text("Same cause as in", quiet=True, links=where), *_own(checks[0], said)
    yield _verdict(checks[0], *words)
    rest = tuple(_verdict(check, *_own(check, said)) for check in checks[1:])
    if rest:
        yield Details(f"{count(len(rest), 'more check')} failed for the same cause: {worth(lost(checks[1:]))}", rest)


def _told(cause: Cause, given: str) -> Iterator[Block]:
    if cause.told:
        yield Text(cause.told, big=True)
    if given:
        yield Text(given, lead="Called:")


def _own(check: CheckResult, said: set[str]) -> Iterator[Block]:
    """What this check says beside its cause, unless another one has said it."""
    if check.mistake and check.message and check.message not in said:
        yield Text(check.message, lead="What we saw:")
    if check.hint and check.hint not in said:
        yield Text(check.hint, lead="Hint:")
    if check.picture not in said:
        yield from _picture(check)
    said.update((check.message, check.hint, check.picture))


def _elsewhere(cause: Cause, anchors: Mapping[str, str]) -> Iterator[Block]:
    if cause.elsewhere:
        number = sum(len(checks) for _, checks in cause.elsewhere)
        cost = sum(lost(checks) for _, checks in cause.elsewhere)
        where = tuple((titled(item), anchors[item.id]) for item, _ in cause.elsewhere)
        yield Text(f"It also costs {count(number, 'check')}, {worth(cost)}, of", quiet=True, links=where)


def _picture(check: CheckResult) -> Iterator[Block]:
    if check.picture:
        yield Picture(check.picture, check.message or check.claim or check.name)
