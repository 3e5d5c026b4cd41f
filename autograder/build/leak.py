"""Does what students receive give something away? Decided on text; nothing is read or written here."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.assignment import Assignment
from autograder.build.answers import Key, answer_keys, gives_key
from autograder.build.regions import HIDDEN, MARKS, SCHEME, SOLUTION, open_lines, split
from autograder.build.structure import Checks
from autograder.model import Kind

TRIVIAL = 12
"""Lines of fewer characters, spaces not counted, give nothing away."""

_GRADER_TRACES = ("check_here", "autograder.judge")
_NOTEBOOK_KEYS = {"kernelspec", "language_info", "seq2grade"}
_CELL_KEYS = {"jupyter", "deletable", "editable", "nbgrader", "tags"}
_NBGRADER_KEYS = {
    "cell_type",
    "checksum",
    "grade",
    "grade_id",
    "locked",
    "points",
    "schema_version",
    "solution",
    "task",
}


@dataclass(frozen=True)
class Leak:
    """`where` names the cell or file, `what` says what can be read there, for the instructor."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class _Secrets:
    lines: Mapping[str, str]
    names: Mapping[str, str]
    sentences: Mapping[str, str]
    answers: tuple[tuple[str, tuple[str, ...]], ...]
    keys: tuple[Key, ...]
    marks: tuple[str, ...]


def release_leaks(
    assignment: Assignment, checks: Checks, release: Mapping[str, Any], beside: Mapping[str, str]
) -> tuple[Leak, ...]:
    """What the students' notebook, or a text file beside it, gives away.

    release: notebook JSON; beside: file name -> text. Looks at sources, metadata and attachments for lines
    of solutions and hidden blocks, names of checks, mistakes and alternatives, explanations, answer keys,
    nbgrader's marks, outputs, and metadata that no one put there on purpose.
    """
    secrets = _Secrets(
        lines=_secret_lines(assignment, (SOLUTION, HIDDEN, SCHEME)),
        names=_names(assignment, checks),
        sentences=_sentences(assignment),
        answers=_whole_answers(assignment),
        keys=_keys(assignment),
        marks=MARKS,
    )
    return _leaks(secrets, release, beside)


def solution_leaks(assignment: Assignment, checks: Checks, solutions: Mapping[str, Any]) -> tuple[Leak, ...]:
    """What the published solutions give away that is still needed next year: hidden tests and all names."""
    secrets = _Secrets(
        lines=_secret_lines(assignment, (HIDDEN, SCHEME)),
        names=_names(assignment, checks),
        sentences=_sentences(assignment),
        answers=(),
        keys=(),
        marks=tuple(mark for mark in MARKS if SOLUTION not in mark),
    )
    return _leaks(secrets, solutions, {})


def _leaks(secrets: _Secrets, notebook: Mapping[str, Any], beside: Mapping[str, str]) -> tuple[Leak, ...]:
    found: list[Leak] = []
    for number, cell in enumerate(notebook["cells"], start=1):
        where = f"cell {cell.get('metadata', {}).get('nbgrader', {}).get('grade_id') or number}"
        found += _shape(where, cell)
        for text in _strings(cell):
            found += _in_text(where, text, secrets)
        if cell["cell_type"] == "code":
            found += [
                Leak(where, f"the answer to {key.item}") for key in secrets.keys if gives_key(cell["source"], key)
            ]
        found += [
            Leak(where, f"the whole of {name}")
            for name, lines in secrets.answers
            if set(lines) <= {_plain(line) for line in cell["source"].split("\n")}
        ]
    for key in sorted(set(notebook["metadata"]) - _NOTEBOOK_KEYS):
        found.append(Leak("notebook metadata", f"the unknown key {key!r}"))
    for text in _strings(notebook["metadata"]):
        found += _in_text("notebook metadata", text, secrets)
    for name, text in beside.items():
        for part in (name, text, *_strings(_json(text))):
            found += _in_text(name, part, secrets)
    return tuple(dict.fromkeys(found))


def _shape(where: str, cell: Mapping[str, Any]) -> Iterator[Leak]:
    if cell.get("outputs"):
        yield Leak(where, "outputs of a run")
    if cell.get("execution_count") is not None:
        yield Leak(where, "an execution count")
    for key in sorted(set(cell["metadata"]) - _CELL_KEYS):
        yield Leak(where, f"the unknown metadata {key!r}")
    for key in sorted(set(cell["metadata"].get("nbgrader", {})) - _NBGRADER_KEYS):
        yield Leak(where, f"the unknown nbgrader metadata {key!r}")


def _in_text(where: str, text: str, secrets: _Secrets) -> Iterator[Leak]:
    plain = _plain(text)
    words = set(re.findall(r"\w+", text))
    for line, origin in secrets.lines.items():
        if line in plain:
            yield Leak(where, f"a line of {origin}: {line}")
    for name, kind in secrets.names.items():
        if name in words:
            yield Leak(where, f"the name of {kind}: {name}")
    for sentence, origin in secrets.sentences.items():
        if sentence in plain:
            yield Leak(where, f"the explanation of {origin}: {sentence}")
    for key in secrets.keys:
        if key.is_written_in(text):
            yield Leak(where, f"the answer to {key.item}")
    for mark in secrets.marks:
        if mark.lower() in plain.lower():
            yield Leak(where, f"the mark {mark!r}")
    for trace in _GRADER_TRACES:
        if trace in text:
            yield Leak(where, f"a piece of a hidden block: {trace}")


def _strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value, keys included; what is base64 also as the text it stands for."""
    if isinstance(value, str):
        yield value
        yield from _decoded(value)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _strings(key)
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _decoded(text: str) -> Iterator[str]:
    if len(text) >= TRIVIAL:
        try:
            yield base64.b64decode("".join(text.split()), validate=True).decode("utf-8", errors="replace")
        except (binascii.Error, ValueError):
            return


def _plain(text: str) -> str:
    return " ".join(text.replace("`", " ").split())


def _weight(line: str) -> int:
    return len("".join(line.split()))


def _secret_lines(assignment: Assignment, kinds: tuple[str, ...]) -> dict[str, str]:
    """Telling lines of the regions that do not stand in the open too, as signatures and imports do."""
    visible = "\n".join(_plain("\n".join(open_lines(cell.source, cell.is_solution))) for cell in assignment.cells)
    lines: dict[str, str] = {}
    for cell in assignment.cells:
        for kind in kinds:
            for region in split(cell.source, (kind,)).regions:
                for line in map(_plain, region):
                    if _weight(line) >= TRIVIAL and line not in visible:
                        lines.setdefault(line, f"the {kind.lower()} in {cell.grade_id}")
    return lines


def _names(assignment: Assignment, checks: Checks) -> dict[str, str]:
    names = {mistake.name: "a mistake" for mistake in assignment.mistakes}
    names |= {alternative.name: "an alternative" for alternative in assignment.alternatives}
    return names | {name: "a hidden check" for item in checks.values() for name in item}


def _sentences(assignment: Assignment) -> dict[str, str]:
    sentences: dict[str, str] = {}
    for mistake in assignment.mistakes:
        for sentence in re.split(r"(?<=[.!?])\s+", _plain(mistake.explain)):
            if _weight(sentence) >= TRIVIAL:
                sentences[sentence] = mistake.name
    return sentences


def _whole_answers(assignment: Assignment) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Solutions and alternatives as sets of lines. One that stands complete in an open cell is a leak even
    though each of its lines, being in the open, is no secret by itself."""
    answers: list[tuple[str, tuple[str, ...]]] = []
    for cell in assignment.cells:
        if cell.is_solution:
            lines = tuple(line for region in split(cell.source, (SOLUTION,)).regions for line in region)
            answers.append((f"the solution in {cell.grade_id}", lines))
    for other in assignment.alternatives:
        given = set(open_lines(assignment.cell(other.cell).source, True))  # signature and docstring, which all have
        lines = tuple(line for line in other.code.split("\n") if line not in given)
        answers.append((f"the alternative {other.name}", lines))
    told = [
        (name, tuple(line for line in map(_plain, lines) if line and not line.startswith("#")))
        for name, lines in answers
    ]
    return tuple((name, lines) for name, lines in told if any(_weight(line) >= TRIVIAL for line in lines))


def _keys(assignment: Assignment) -> tuple[Key, ...]:
    keyed = [item for item in assignment.items if item.kind in (Kind.CHOICE, Kind.NUMBER)]
    return tuple(
        key
        for item in keyed
        for region in split(assignment.cell(item.answer).source, (SOLUTION,)).regions
        for key in answer_keys(item.id, "\n".join(region))
    )
