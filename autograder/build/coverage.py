"""Which questions of the source documents have an item, and how thoroughly it is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment, Item
from autograder.authoring import read_text
from autograder.build.structure import Checks
from autograder.errors import AssignmentError

_NOT_YET = "not yet"
_BEYOND = "Beyond the sources"
_HEAD = "| source | asks for | item | kind | checks | mistakes | alternatives |"


@dataclass(frozen=True)
class SourceId:
    """One question of a source: `document` is the heading it stands under, `title` our few words for it."""

    id: str
    title: str
    document: str


def read_source_ids(path: Path) -> tuple[SourceId, ...]:
    """The questions listed in a file of `id title` lines under `# document` headings.

    Raises AssignmentError for a line without a title, an id before the first heading, or an id given twice.
    """
    found: dict[str, SourceId] = {}
    document = ""
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if line.startswith("#"):
            document = line.lstrip("# ").strip()
        elif line.strip():
            id, _, title = line.strip().partition(" ")
            if not title or not document:
                raise AssignmentError(path, f"line {number}", "expected `id title` below a # heading")
            if id in found:
                raise AssignmentError(path, f"line {number}", f"expected a new id; {id} is listed above")
            found[id] = SourceId(id, title.strip(), document)
    return tuple(found.values())


def coverage_markdown(
    assignments: Sequence[Assignment], source_ids: Sequence[SourceId], checks: Mapping[str, Checks]
) -> str:
    """The page docs/coverage.md: each source question with its items, or "not yet", and totals.

    checks: assignment id -> item id -> check name -> points. An item belongs to the question whose id it
    bears, alone or followed by a hyphen and a suffix (s002-1.1-proof to s002-1.1).
    """
    placed: dict[str, list[tuple[Assignment, Item]]] = {source.id: [] for source in source_ids}
    beyond: list[tuple[Assignment, Item]] = []
    for assignment in assignments:
        for item in assignment.items:
            placed.get(_source_of(item.id, placed), beyond).append((assignment, item))
    lines = ["# Coverage", "", "Generated from assignments/ and docs/source_ids.txt; do not edit by hand."]
    lines += ["", *_totals(source_ids, placed)]
    for document in dict.fromkeys(source.document for source in source_ids):
        lines += ["", f"## {document}", "", _HEAD, "|---|---|---|---|---|---|---|"]
        for source in source_ids:
            if source.document == document:
                lines += _rows(source, placed[source.id], checks)
    if beyond:
        lines += ["", f"## {_BEYOND}", "", _HEAD, "|---|---|---|---|---|---|---|"]
        lines += [_row("-", pair[1].title, pair, checks) for pair in beyond]
    return "\n".join(lines) + "\n"


def _source_of(item_id: str, known: Mapping[str, object]) -> str:
    """The longest known id that the item's id is, or begins with up to a hyphen; "" when there is none."""
    fitting = [id for id in known if item_id == id or item_id.startswith(f"{id}-")]
    return max(fitting, key=len, default="")


def _totals(source_ids: Sequence[SourceId], placed: Mapping[str, Sequence[object]]) -> Iterator[str]:
    yield "| document | questions | with an item | not yet |"
    yield "|---|---|---|---|"
    for document in dict.fromkeys(source.document for source in source_ids):
        own = [source.id for source in source_ids if source.document == document]
        yield _total(document, own, placed)
    yield _total("**all**", [source.id for source in source_ids], placed)


def _total(name: str, ids: Sequence[str], placed: Mapping[str, Sequence[object]]) -> str:
    done = sum(bool(placed[id]) for id in ids)
    return f"| {_plain(name)} | {len(ids)} | {done} | {len(ids) - done} |"


def _rows(source: SourceId, pairs: Sequence[tuple[Assignment, Item]], checks: Mapping[str, Checks]) -> list[str]:
    if not pairs:
        return [f"| {source.id} | {_plain(source.title)} | {_NOT_YET} | | | | |"]
    return [_row(source.id, source.title, pair, checks) for pair in pairs]


def _row(id: str, title: str, pair: tuple[Assignment, Item], checks: Mapping[str, Checks]) -> str:
    assignment, item = pair
    count = len(checks.get(assignment.id, {}).get(item.id, {}))
    mistakes = sum(mistake.item == item.id for mistake in assignment.mistakes)
    alternatives = sum(alternative.item == item.id for alternative in assignment.alternatives)
    where = f"{assignment.id}: {item.id}"
    return f"| {id} | {_plain(title)} | {where} | {item.kind.value} | {count} | {mistakes} | {alternatives} |"


def _plain(text: str) -> str:
    return text.replace("|", "\\|")
