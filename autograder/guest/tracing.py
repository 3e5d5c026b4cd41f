"""What is told of an exception: its class and text, and which line of the notebook it came through. Never the line
itself: whoever reads this takes it from the submission, so nothing can be smuggled out as source."""

from __future__ import annotations

import linecache
import os
import sys
from hashlib import sha256
from traceback import extract_tb
from types import FrameType, TracebackType
from typing import Any

from autograder.guest.wire import pack

_INSTALLED = tuple({sys.prefix + "/", sys.base_prefix + "/", os.path.dirname(os.__file__) + "/"})
_digest, _extract, _cached = sha256, extract_tb, linecache.cache  # held: a notebook may overwrite them


class Unfit(RuntimeError):
    """What an answer gave cannot be asked what it is asked: nothing that the answer itself raised."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


def describe(error: BaseException, namespace: dict[str, Any] | None = None) -> dict[str, Any]:
    """Class name, text and place of an exception, and the nearest class of Python's own among those it comes from; all
    bounded. Reading a hostile exception never raises.

    `namespace`: the notebook's. Then also the innermost line of its code, or of a file that came with it: `cell` and
    `code` name the texts of the cell or file and of the line, `line` counts from 1 as Python does, and `last` is false
    where other Python code came after it.
    Without a line of the notebook there is no `last`: the call itself failed. `ours` says so of a failure that is no
    exception of the answer's."""
    told: dict[str, Any]
    try:
        frames = _extract(error.__traceback__)[-4:]
        told = {
            "type": "RuntimeError" if isinstance(error, Unfit) else str(type(error).__name__)[:80],
            "text": str(error)[:500],
            "where": " < ".join(f"{f.name}:{f.lineno}" for f in reversed(frames))[:300],
            "built_in": next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")[:80],
            **({"ours": error.reason} if isinstance(error, Unfit) else _place(error.__traceback__, namespace)),
        }
        pack(told)
    except BaseException:  # one whose __str__ raises, or gives text that cannot be sent
        told = {"type": "Exception", "text": "", "where": "", "built_in": "Exception"}
    return told


def digest(text: str) -> str:
    """A name for a text that the far side has, too."""
    return _digest(text.encode("utf-8", "replace")).hexdigest()[:16]


def _came_along(file: str) -> bool:
    """Whether a file came with the submission: it lies in the folder of the notebook, and is no part of Python's."""
    home = os.environ.get("HOME", "") + "/"
    return len(home) > 1 and file.startswith(home) and not file.startswith(_INSTALLED) and "/site-packages/" not in file


def _place(trace: TracebackType | None, namespace: dict[str, Any] | None) -> dict[str, Any]:
    found: tuple[FrameType, int] | None = None
    last = False
    while trace is not None:
        frame = trace.tb_frame
        last = frame.f_globals is namespace or _came_along(frame.f_code.co_filename)
        if last:
            found = trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next
    if found is None:
        return {}
    frame, line = found
    entry: Any = _cached.get(frame.f_code.co_filename)
    if not entry or len(entry) != 4 or not 0 < line <= len(entry[2]):
        return {"last": last}
    return {"cell": digest("".join(entry[2])), "code": digest(entry[2][line - 1].strip()), "line": line, "last": last}
