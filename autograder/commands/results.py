"""Results of a run to where they go, and an end to the process that loses none of them."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from autograder.commands.shared import err, out, say

if TYPE_CHECKING:
    from autograder.batch import Done
    from autograder.model import Grade


def show_done(done: Done, json_file: Path | None) -> bool:
    """Results and table to where they go. Returns whether all of it got there."""
    from autograder.report.terminal import score_table

    kept = json_file is None or _write_json(done.grades, json_file)
    shown = err if str(json_file) == "-" else out
    try:
        shown.print(score_table(done.grades))
        for line in done.notes:
            shown.print(line, markup=False, soft_wrap=True)
        for line in done.problems:
            shown.print(line, style="red", markup=False, soft_wrap=True)
        shown.file.flush()
    except OSError as error:  # a full disk behind a redirection, a reader that went away
        close_stdout()
        say(f"the table could not be printed: {error.strerror}")
        kept = False
    return kept


def _write_json(grades: Sequence[Grade], json_file: Path) -> bool:
    """Results to the file or, for "-", to stdout; where that fails, to a file for temporary things."""
    from autograder.export.results import dumps
    from autograder.writing import write_text

    text = dumps(grades)
    try:
        if str(json_file) == "-":
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            write_text(json_file, text)
        return True
    except OSError as error:
        reason = error.strerror
        if str(json_file) == "-":
            close_stdout()
    try:
        handle, spare = tempfile.mkstemp(prefix="seq2grade-results-", suffix=".json")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        say(f"the results could not be written to {json_file}: {reason}. They are in {spare} instead.")
    except OSError:
        say(f"the results could not be written to {json_file}: {reason}. The same command writes them later.")
    return False


def close_stdout() -> None:
    """What is left in its buffer goes nowhere; else Python would try again, and complain, at its end."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


def leave(number: int, line: str = "") -> NoReturn:
    """End now, also when a thread still hangs in what it did: everything is written."""
    if line:
        say(f"stopped: {line}")
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(128 + number)
