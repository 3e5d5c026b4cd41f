"""What messages call the things of a notebook: by its own names, never by a call of the check's."""

from __future__ import annotations

import re

from autograder.judge.sources import is_builtin

_WORD = re.compile(r"[^\W\d]\w*")
_NO_NAMES = frozenset({"function", "method", "module", "ndarray", "it", "seed", "replace"})  # what checks call objects


def named(what: str) -> str:
    """The notebook's name in what a check calls an object; "" where it calls it otherwise."""
    name = what.split("(...)")[0]
    return name if _WORD.fullmatch(name) and name not in _NO_NAMES and not is_builtin(name) else ""


def thing(what: str) -> str:
    """What a result came from."""
    return f"`{named(what)}`" if named(what) else "your code"


def gives(what: str) -> str:
    """What a result is, as the subject of a sentence."""
    return f"What {thing(what)} gives"


def part_of(label: str, name: str) -> str:
    """A part of an object, as a student may know it."""
    whole = named(label)
    if not whole:
        return f"`{name}`"
    return f"`{name}` of `{whole}`" if whole == label else f"`{name}` of what `{whole}` gives"
