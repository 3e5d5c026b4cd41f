"""What a name tells: a notebook, an archive, an assignment, a student. Names decide nothing about content."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection
from enum import Enum

from autograder.collect.read import printable

SUFFIX = ".ipynb"
NAME_LENGTH = 100
# What mail programs, browsers and editors append to the name of a notebook.
_ALMOST = re.compile(
    r"\.ipynb(?:\.(?:txt|json|download|html?|bak|orig|old|part|crdownload|gdoc|url|lnk|webloc)|~|"
    r" ?\(\d{1,4}\))\Z",
    re.I,
)
_ARCHIVE = re.compile(r"\.(?:zip|tar|tgz|tbz2?|txz|gz|bz2|xz|7z|rar|zst)\Z", re.I)
_COPY_OF = re.compile(r"^(?:copy|kopie|copie|copia)_(?:of|von|de|di)_")
_COPIED = re.compile(r"(?:_?\(\d{1,4}\)|_?(?:copy|kopie|copie|copia)_?\(?\d{0,4}\)?)\Z")
_SPACE = re.compile(r"\s+")
_SPACES = re.compile(r"[\s_-]+")
# Names that programs leave and nobody hands in on purpose.
_USUAL = frozenset({
    ".ipynb_checkpoints", ".virtual_documents", ".DS_Store", ".git", ".gitignore", ".gitattributes", ".gitkeep",
    ".gitmodules", ".github", ".keep", ".vscode", ".vs", ".idea", ".history", ".cache", ".config", ".local", ".conda",
    ".venv", ".env", ".envrc", ".editorconfig", ".python-version", ".python_history", ".pytest_cache", ".mypy_cache",
    ".ruff_cache", ".jupyter", ".ipython", ".Rhistory", ".directory", ".fseventsd", ".Spotlight-V100", ".Trashes",
    "__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini",
})  # fmt: skip
_USUAL_BEGINNINGS = ("._", ".Trash", ".nfs", ".~lock", ".nbgrader")


class Sort(Enum):
    """What the name of a file promises. ALMOST is a notebook's name with something appended."""

    NOTEBOOK = "notebook"
    ALMOST = "almost"
    ARCHIVE = "archive"
    OTHER = "other"


def sort_of(name: str) -> Sort:
    """What a file of this name is likely to be. Space at its end, which nobody sees, changes nothing."""
    name = name.rstrip()
    if name.lower().endswith(SUFFIX):
        return Sort.NOTEBOOK
    if _ALMOST.search(name[-40:]):
        return Sort.ALMOST
    return Sort.ARCHIVE if _ARCHIVE.search(name) else Sort.OTHER


def stem_of(name: str) -> str:
    """A file's name without what makes it a notebook or an archive."""
    name = name.rstrip()
    cut = {Sort.NOTEBOOK: len(SUFFIX)}.get(sort_of(name), 0)
    if cut:
        return name[:-cut]
    if sort_of(name) is Sort.ALMOST:
        return name[: name.lower().rindex(SUFFIX)]
    return os.path.splitext(name)[0] if sort_of(name) is Sort.ARCHIVE else name


def is_usual(name: str) -> bool:
    """Whether a file or folder is one that programs leave behind, which need not be spoken of."""
    return name in _USUAL or name.startswith(_USUAL_BEGINNINGS)


def is_hidden(name: str) -> bool:
    """Whether most programs pass over it: dot names, and what operating systems leave."""
    return name.startswith(".") or is_usual(name)


def normal(name: str) -> str:
    """A name without case, and with one kind of space."""
    return _SPACES.sub("_", name.strip()[:NAME_LENGTH]).lower().strip("_")


def look_of(name: str) -> str:
    """What is seen of a name: accents however they are written, no space around it, no signs without a shape."""
    composed = unicodedata.normalize("NFC", name)
    return _SPACE.sub(" ", "".join(sign for sign in composed if unicodedata.category(sign) != "Cf")).strip()


def assignment_in(name: str, ids: Collection[str], loosely: bool = False) -> str:
    """The assignment that a folder or stem is named for, whatever its case and if it is a copy; "" if none. `loosely`
    takes the one id that is part of the name, too."""
    plain = normal(name)
    bare = _COPIED.sub("", _COPY_OF.sub("", plain)).strip("_")
    for found in (plain, bare, _COPIED.sub("", bare).strip("_")):
        if found in ids:
            return found
    inside = [one for one in ids if one in plain] if loosely else []
    longest = max(inside, key=len, default="")
    return longest if all(one in longest for one in inside) else ""


def shown(name: str | os.PathLike[str]) -> str:
    """A name for a message: printable, on one line, and not endless."""
    text = printable(name)
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    # The end tells most: there stands the name of the file.
    return text if len(text) <= 2 * NAME_LENGTH else text[: NAME_LENGTH // 2] + "…" + text[-NAME_LENGTH:]
