"""Who handed in what, from the file that Gradescope puts into its export. Only a few lines of it are read."""

from __future__ import annotations

import re
from pathlib import Path

from autograder.collect.read import read_regular
from autograder.errors import CollectError

METADATA = "submission_metadata.yml"
_LIMIT = 20 * 2**20
_HEAD = re.compile(r"(submission_\d{1,20}):")
_SECTION = re.compile(r"  :(\w+):")
_ENTRY = re.compile(r"  *(?:- *)?:(name|sid|email):(.*)")
_NOBODY = frozenset({"", "null", "~"})


def submitters(path: Path) -> dict[str, str]:
    """Folder -> the student's number, else mail address, else name; of a group all of them. Empty without the file."""
    try:
        text = read_regular(path, _LIMIT).decode("utf-8", "replace")
    except CollectError:
        return {}
    found: dict[str, list[dict[str, str]]] = {}
    people: list[dict[str, str]] | None = None
    inside = False
    for line in text.splitlines():
        head, section, entry = _HEAD.match(line), _SECTION.match(line), _ENTRY.match(line)
        if head:
            people, inside = found.setdefault(head[1], []), False
        elif section:
            # A submission's history names submitters as well; only its own section counts.
            inside = section[1] == "submitters"
        elif entry and inside and people is not None:
            if line.lstrip().startswith("-"):
                people.append({})
            if people:
                people[-1][entry[1]] = entry[2].strip().strip("'\"")
    return {folder: name for folder, group in found.items() if (name := "+".join(filter(None, map(_who, group))))}


def _who(person: dict[str, str]) -> str:
    told = next((person[key] for key in ("sid", "email", "name") if person.get(key, "") not in _NOBODY), "")
    plain = "".join(letter for letter in told if letter.isprintable()).replace("/", "_").strip()
    return "" if plain in (".", "..") else plain
