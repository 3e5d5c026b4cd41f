"""The two files that nbgrader's release_feedback looks for beside each page, and does not start without."""

from __future__ import annotations

import secrets
from pathlib import Path

from autograder.collect.read import read_regular
from autograder.errors import CollectError, GradebookError
from autograder.writing import replace_file

TIMESTAMP = "timestamp.txt"
SECRET = "submission_secret.txt"
_LIMIT = 1000


def write_release_files(folder: Path, submitted: Path | None) -> None:
    """Put into `folder` (of autograded/) when the work was handed in, and the secret that names its feedback in the
    exchange, as they lie in `submitted`.

    Work that did not come through the exchange has neither: it gets a time that says nothing, and a secret that nobody
    knows, so that its page is there and the others' are released. Raises GradebookError when the disk refuses.
    """
    try:
        replace_file(folder / TIMESTAMP, _text(submitted, TIMESTAMP), 0o444)
        secret = _text(submitted, SECRET) or _text(folder, SECRET) or secrets.token_hex(64)
        replace_file(folder / SECRET, secret, 0o444)
    except OSError as error:
        raise GradebookError(f"{folder} cannot be written: {error.strerror}.") from error


def _text(folder: Path | None, name: str) -> str:
    """A file's text; "" where there is none that can be read."""
    if folder is None:
        return ""
    try:
        return read_regular(folder / name, _LIMIT).decode()
    except (CollectError, ValueError):
        return ""
