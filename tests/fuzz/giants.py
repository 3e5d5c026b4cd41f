"""Notebooks of the largest size that is read, and of one far beyond it: each read or refused by a process that may use
little more than the machine of a small course has. `python -m tests.fuzz.giants NAME MEGABYTES` tries one."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from autograder.collect import collect
from autograder.errors import CollectError
from autograder.model import Submission
from tests.collect.sample import release

MEMORY, SECONDS = 3 * 2**30, 60
_HEAD, _TAIL = b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [', b"]}"
_CELL = b'{"cell_type": "code", "metadata": {}, "source": "x = 1", "outputs": []}'
Fill = Callable[[int], bytes]


def _cells(cell: bytes, most: int = 10**9) -> Fill:
    def fill(size: int) -> bytes:
        return _HEAD + b",".join([cell] * min(most, max(1, size // (len(cell) + 1)))) + _TAIL

    return fill


def _source(unit: str) -> Fill:
    """One cell, full of this."""
    escaped = json.dumps(unit)[1:-1].encode()
    return lambda size: _HEAD + _CELL.replace(b"x = 1", escaped * (size // len(escaped))) + _TAIL


def _output(size: int) -> bytes:
    picture = b'{"output_type": "display_data", "data": {"image/png": "' + b"A" * size + b'"}, "metadata": {}}'
    return _HEAD + _CELL.replace(b"[]", b"[" + picture + b"]") + _TAIL


def _deep(size: int) -> bytes:
    return b'{"nbformat": 4, "metadata": ' + b'{"a":' * (size // 6) + b"1" + b"}" * (size // 6) + b', "cells": []}'


GIANTS: dict[str, Fill] = {
    "many cells": _cells(_CELL),
    "5,000 cells": lambda size: _cells(_CELL.replace(b"x = 1", b"x = 1\\n" * (size // 5_000 // 7)), 5_000)(size),
    "5,000 cells that are alike": _cells(_CELL.replace(b"x = 1", b"def double(x):\\n    return x"), 5_000),
    "no cells": _cells(b"{}"),
    "one word": _source("a"),
    "definitions": _source("def double(x):\n"),
    "blank lines": _source("\n"),
    "half characters": _source("\ud800"),
    "carriage returns": _source("\r"),
    "an output": _output,
    "deep": _deep,
    "brackets": lambda size: b"[" * size,
    "long number": lambda size: b'{"nbformat": ' + b"9" * size + b"}",
    "keys": lambda size: b"{" + b",".join(b'"%d":1' % n for n in range(size // 12)) + b"}",
    "zeros": bytes,
    "line ends": lambda size: b"\n" * size,
}


def main(name: str, megabytes: int) -> int:
    """Write one, read it within the limits, and print what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ada", "hw1", "hw1.ipynb")
        path.parent.mkdir(parents=True)
        path.write_bytes(GIANTS[name](megabytes * 2**20 - 300))
        held = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(held.ru_utime) + SECONDS, int(held.ru_utime) + SECONDS + 1))
        try:
            cells = collect(Submission("ada", "hw1", path, place=path.parents[1]), release()).notebook["cells"]
            print(f"read: {len(cells)} cells")
        except CollectError as error:
            print(f"refused: {error}")
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(f"{used.ru_utime - held.ru_utime:.1f} CPU seconds, {used.ru_maxrss >> 10} MB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
