"""How learning platforms name the folders and files of an export. Names decide nothing about content."""

from __future__ import annotations

import re

from autograder.collect.read import printable

_DAY = r"\d{4}-\d\d-\d\d"
_MOODLE = re.compile(r"(?P<who>.+_\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)\Z", re.S)
_FOLDERS = (
    re.compile(r"(?P<who>submission_\d+)\Z"),  # Gradescope
    re.compile(r"(?P<who>\d+-\d+ - .+) - [^-]*\d{4} [^-]*\Z", re.S),  # Brightspace, which adds the time
    re.compile(r"(?P<who>[^,()]+, [^()]*\([^()\s]+\))\Z"),  # Sakai: Love, Ada(ada)
    re.compile(rf"(?P<who>[^+]+)\+[^+]+\+{_DAY} \d\d:\d\d:\d\d[^+]*(?:\+[^+]*)?\Z", re.S),  # nbgrader's exchange
)
# A file of the platform's own with the name of a student has no `file`.
_FILES = (
    _MOODLE,
    re.compile(r"(?P<who>[^\W\d_][^_]*_)(?:LATE_)?(?P<number>\d{2,})_\d{3,}_(?P<file>.+)\Z", re.S),  # Canvas
    re.compile(rf".+_(?P<who>[^_]+)_attempt_{_DAY}-\d\d-\d\d-\d\d(?:\.txt|_(?P<file>.+))\Z", re.S),  # Blackboard
)


def is_exported(name: str) -> bool:
    """Whether a platform named this folder or file: then it is a student's, whatever lies in it."""
    return _match((_MOODLE, *_FOLDERS), name) is not None or bool(exported_file(name)[0])


def student_in(folder: str) -> str:
    """The student of a folder in a class: its name, in an export without what the platform appends."""
    found = _match((_MOODLE, *_FOLDERS), folder)
    return printable(found["who"] if found else folder)


def exported_file(name: str) -> tuple[str, str]:
    """Student and file name, of a file that was exported without folders; ("", name) of any other. The file name is ""
    where the platform wrote the file itself."""
    found = _match(_FILES, name)
    if found is None or (found.re is _MOODLE and not found["file"]):
        return "", name
    return printable(found["who"] + (found.groupdict().get("number") or "")), found["file"] or ""


def _match(patterns: tuple[re.Pattern[str], ...], name: str) -> re.Match[str] | None:
    return next(filter(None, (pattern.match(name) for pattern in patterns)), None)
