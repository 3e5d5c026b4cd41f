"""Real text that lies on every machine: the short functions of Python's own standard library.

The library is free to use and to copy under the licence of the Python Software Foundation
(https://docs.python.org/3/license.html); nothing is copied here: the text is read where it is installed. So it differs
a little from one version of Python to the next.
"""

from __future__ import annotations

import ast
import os
import sysconfig
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# tests and examples repeat themselves, tables are no code, and some parts are not in every distribution
_LEFT_OUT = {"__phello__", "__pycache__", "distutils", "encodings", "ensurepip", "idlelib", "lib2to3", "pydoc_data",
             "site-packages", "dist-packages", "test", "tests", "tkinter", "turtledemo"}  # fmt: skip
_LINES = 24  # of the source: longer ones are not looked at, which saves most of the time
END = "\n\n"  # what stands behind each function; none has an empty line inside


@dataclass(frozen=True)
class Functions:
    """Functions as text, each parsed and printed anew: no comments, no docstrings, one statement a line.

    train, validation: of different modules, so that no function of one stands in the other."""

    train: tuple[str, ...]
    validation: tuple[str, ...]


@lru_cache(maxsize=4)
def functions(longest: int = 240, share: int = 12) -> Functions:
    """All functions and methods of the standard library of at most `longest` characters, ASCII only, each once.

    One module in `share` is kept for validation: which one is decided by its name, in any version of Python.
    Raises FileNotFoundError where the library has no source files."""
    parts: dict[bool, dict[str, None]] = {False: {}, True: {}}
    for path in _modules():
        kept = zlib.crc32(path.as_posix().encode()) % share == 0
        for text in _functions_of(_library() / path, longest):
            parts[kept].setdefault(text)
    train = [text for text in parts[False] if text not in parts[True]]
    if not train or not parts[True]:
        raise FileNotFoundError(f"no source files of Python's standard library in {_library()}")
    return Functions(tuple(train), tuple(parts[True]))


def mark(text: str) -> int:
    """A number below 2^31 that tells a text from nearly all others, to ask whether it is known without keeping it."""
    return zlib.crc32(text.encode("utf-8", "replace")) >> 1


def parses(text: str) -> bool:
    """Whether this is Python, by its grammar: read, and never run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as an invalid escape sequence
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # ValueError: a null character
        return False
    return True


@lru_cache(maxsize=1)
def _library() -> Path:
    return Path(sysconfig.get_paths()["stdlib"])


def _modules() -> list[Path]:
    """The source files below the library, in an order that no file system decides."""
    found = []
    for folder, inside, files in os.walk(_library()):
        inside[:] = [name for name in inside if name not in _LEFT_OUT]
        found += [(Path(folder) / name).relative_to(_library()) for name in files if name.endswith(".py")]
    return sorted(found)


def _functions_of(path: Path, longest: int) -> list[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError, OSError):
        return []
    short = (node for node in _defined(tree) if (node.end_lineno or 0) - node.lineno < _LINES)
    texts = map(_printed, short)
    return [text for text in texts if text.isascii() and len(text) <= longest and END not in text]


def _defined(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Every function in a module, in classes, branches and other functions too."""
    for node in getattr(tree, "body", []):
        if isinstance(node, ast.FunctionDef):
            yield node
        yield from _defined(node)


def _printed(node: ast.FunctionDef) -> str:
    """The function without decorators and docstring; its text is a function of its own, whatever it stood in."""
    first = node.body[0]
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    node.decorator_list, node.body = [], node.body[1:] if told else node.body
    node.body = node.body or [ast.Pass()]
    return ast.unparse(node)
