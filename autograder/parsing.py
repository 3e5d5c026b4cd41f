"""Python's own parser, for one thread at a time.

CPython counts the depth of trees that it builds in one place for all threads. Two that parse at once may get
`SystemError: AST constructor recursion depth mismatch` (gh-106905; seen on 3.11 with two graders in one process).
"""

from __future__ import annotations

import ast
import os
import threading

_lock = threading.Lock()


def _anew() -> None:
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_anew)  # another thread may have held it when this process was forked


def parse(source: str | bytes) -> ast.Module:
    """The tree of a source text. Raises SyntaxError, ValueError, RecursionError and MemoryError, as ast.parse does."""
    with _lock:
        return ast.parse(source)
