"""Which answers are untouched: what the release gave, and nothing else of the student's defines what it asks for.

Found by pattern, never by parsing: a parser fed by a student can end the process, and text may be no Python. Where it
is not certain, an answer counts as touched, which costs the grader a little time and the student nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from autograder.collect.manifest import ReleaseCell, manifest
from autograder.collect.read import defined_names
from autograder.collect.repair import PLACEHOLDER, repair

# What may define any name at all. Every repetition is bounded, here and below: text of any size is read once.
_ANYTHING = re.compile(
    r"\bimport[ \t]{0,9}\(?[ \t]{0,9}\*|"
    r"^[ \t]{0,40}%{1,2}(?:run|load|loadpy|store|macro|rerun|recall|rep|edit|pylab)\b|"
    r"(?<![\w.])(?:exec|globals|setattr|runpy|importlib|__main__|builtins|__builtins__|get_ipython)\b|\b(?:user_ns|run_cell)\b",
    re.MULTILINE,
)
_IMPORTED = re.compile(r"^[ \t]{0,40}(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]*(\([^)]{0,4000}|[^\n]*)", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_]\w*")
_WORD = re.compile(r"\b[A-Za-z_]\w*")
_EQUALS = re.compile(r"=+")
# What stands before a name that is defined there; a quote: somebody may be setting it by its name.
_BEFORE = re.compile(r"(?:(?<!\w)(?:def|class|as|global|nonlocal|for)[ \t]{1,9}|['\"])\Z")
_STATEMENT = 300  # so much of a statement is read after a name
_CODE_LIMIT = 2**20  # more than this nobody writes
_SOURCE_LIMIT = 2**20  # of a file beside the notebook so much is looked at


def unanswered(
    release: Mapping[str, Any], notebook: Mapping[str, Any], submits: Mapping[str, Collection[str]],
    files: Mapping[str, bytes],
) -> frozenset[str]:  # fmt: skip
    """The grade_ids of the answer cells that nobody answered, there or elsewhere.

    `notebook` was put right, so that every cell of `release` is in it; `submits` are the names that each answer cell is
    asked for; `files` lie beside the notebook. Changes of space and comments are none.
    """
    wanted = {cell.grade_id: cell for cell in manifest(release) if cell.is_answer}
    present = {_grade_id(cell): cell for cell in notebook["cells"]}
    as_given = [cell for name, cell in wanted.items() if name in present and _is_as_given(cell, _text(present[name]))]
    if not as_given:
        return frozenset()
    code = "\n".join(_own_code(release, notebook))
    anything = len(code) > _CODE_LIMIT or _ANYTHING.search(code) is not None
    code = code[:_CODE_LIMIT]
    names = {cell.grade_id: _asked(cell, submits.get(cell.grade_id, ())) for cell in as_given}
    defined = _defined(code, frozenset().union(*names.values())) | _beside(code, files)
    written = _written(notebook, {cell.id for cell in manifest(release)})
    open_code = [
        cell for cell in as_given if cell.type == "code" and not anything and not names[cell.grade_id] & defined
    ]
    open_text = [cell for cell in as_given if cell.type != "code" and cell.grade_id not in written]
    return frozenset(cell.grade_id for cell in (*open_code, *open_text))


def is_empty(release: Mapping[str, Any], notebook: Mapping[str, Any]) -> bool:
    """Whether a notebook as it was handed in holds no answer at all."""
    answers = {cell.grade_id for cell in manifest(release) if cell.is_answer}
    return unanswered(release, repair(notebook, release)[0], {}, {}) == answers


def _is_as_given(cell: ReleaseCell, text: str) -> bool:
    return text.strip() in ("", PLACEHOLDER) or _plain(text, cell.type) == _plain(cell.source, cell.type)


def _plain(text: str, type: str) -> str:
    """Text without what changes nothing: space, and in code comments."""
    lines = text.splitlines()
    return " ".join(" ".join(map(_without_comment, lines) if type == "code" else lines).split())


def _without_comment(line: str) -> str:
    quoted = "'" in line or '"' in line
    return "" if line.lstrip().startswith("#") else line if quoted else line.split("#", 1)[0]


def _asked(cell: ReleaseCell, submits: Collection[str]) -> frozenset[str]:
    """The names that would answer a cell: those of the signatures it submits, and those that its stub defines."""
    signatures = (_NAME.match(signature.strip()) for signature in submits)
    return frozenset(found[0] for found in signatures if found) | defined_names(cell.source)


def _own_code(release: Mapping[str, Any], notebook: Mapping[str, Any]) -> Iterator[str]:
    """The code that is the student's: cells of his or her own, and release cells that were changed."""
    given = {_plain(cell.source, "code") for cell in manifest(release) if cell.type == "code"}
    longest = 2 * max(map(len, given), default=0) + 1000
    for cell in notebook["cells"]:
        text = _text(cell)
        if cell["cell_type"] == "code" and (len(text) > longest or _plain(text, "code") not in given):
            yield text


def _defined(code: str, names: frozenset[str]) -> frozenset[str]:
    """Those of `names` that a piece of code defines, imports, assigns, changes, or mentions as text."""
    code = code.replace("\\\n", " ")
    found = {word for part in _IMPORTED.findall(code) for word in _WORD.findall(part)} & names
    for word in _WORD.finditer(code):
        if word[0] in names and word[0] not in found:
            before = code[max(0, word.start() - 20) : word.start()]
            if _BEFORE.search(before) or _is_assigned(code[word.end() : word.end() + _STATEMENT]):
                found.add(word[0])
    return frozenset(found)


def _is_assigned(after: str) -> bool:
    """Whether a statement that goes on like this after a name sets it, or something in it; not where it is called."""
    line = after.split("\n", 1)[0].split("#", 1)[0]
    line = after if line.rstrip().endswith(",") else line
    if line.lstrip().startswith("("):
        return False
    return any(
        len(sign[0]) == 1 and line[sign.start() - 1 : sign.start()] not in ("!", "<", ">")
        for sign in _EQUALS.finditer(line)
    )


def _beside(code: str, files: Mapping[str, bytes]) -> frozenset[str]:
    """Names that are defined in files beside the notebook which the notebook speaks of."""
    found: set[str] = set()
    words = set(_WORD.findall(code)) if files else set()
    for name, content in files.items():
        path = PurePosixPath(name)
        if path.suffix == ".py" and words & {path.stem, *path.parts[:-1]}:
            text = content[:_SOURCE_LIMIT].decode("utf-8", "replace")
            found |= set(_WORD.findall(text))
    return frozenset(found)


def _written(notebook: Mapping[str, Any], given: Collection[str]) -> frozenset[str]:
    """The answers in prose below which the student wrote a cell of prose."""
    found: set[str] = set()
    last = ""
    for cell in notebook["cells"]:
        last = _grade_id(cell) or last
        if cell["cell_type"] != "code" and cell.get("id") not in given and _text(cell).strip():
            found.add(last)
    return frozenset(found)


def _grade_id(cell: Mapping[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _text(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
