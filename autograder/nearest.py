"""The name that was meant by one that nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_ALIKE = 0.75  # of difflib's measure; "alternative" and "alternatives" have 0.96, two words of a course below 0.6


def nearest(word: str, known: Iterable[str], alike: float = _ALIKE) -> str:
    """The one of `known` that `word` looks like, whatever its case; "" when none does."""
    plain = {name.lower().replace("-", "_"): name for name in known}
    found = difflib.get_close_matches(word.lower().replace("-", "_"), plain, 1, alike)
    return plain[found[0]] if found else ""


def meant(word: str, known: Iterable[str]) -> str:
    """`; did you mean "..."?`, to end a message with; "" when nothing is near."""
    found = nearest(word, known)
    return f'; did you mean "{found}"?' if found else ""
