"""A cell that is no Python: in which line, and what Python says. It is read again here, and nothing of it is run."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

_KINDS = ("SyntaxError", "IndentationError", "TabError")
_SAID = 160  # characters of what Python says


@dataclass(frozen=True)
class Fault:
    """`line` counts from 1; `said` are Python's own words, which may name what the line holds."""

    line: int
    said: str


def is_syntax(error: str) -> bool:
    """Whether a cell that stopped with this error did not even begin."""
    return error.split(":")[0].strip() in _KINDS


def fault(text: str) -> Fault | None:
    """What keeps Python from reading this text; None where nothing does, or reading it goes too far."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        said = "".join(c if c.isprintable() else " " for c in error.msg or "")[:_SAID]
        return Fault(error.lineno or 0, said.replace("`", "'"))
    except (ValueError, RecursionError, MemoryError, OverflowError):
        pass
    return None


def mentions(text: str, name: str) -> int:
    """2 where a text that cannot be read seems to give a name its value, 1 where it only speaks of it, else 0."""
    word = re.escape(name)
    if re.search(rf"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+{word}\b|^{word}\b[^=\n]*=(?!=)", text, re.MULTILINE):
        return 2
    return 1 if re.search(rf"(?<![\w.]){word}\b", text) else 0
