"""From a path to a notebook that is ready to run."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.collect.files import extra_files, trained_files
from autograder.collect.find import SUFFIX, fits_layout
from autograder.collect.read import NOTEBOOK_LIMIT, parse_notebook, printable, read_regular
from autograder.collect.repair import repair
from autograder.errors import CollectError
from autograder.model import Collected, Repair, Submission


def collect(submission: Submission, release: Mapping[str, Any]) -> Collected:
    """Read a submission and put it right, so that every cell of `release` (nbformat 4 as dict) is in it.

    Files beside the notebook come along only from a folder of the submission's own: a flat folder holds other
    students' work. Beside a notebook that lies alone, trained models do. Raises CollectError with a sentence for
    student and instructor when there is no readable notebook. Reads the disk, writes nothing.
    """
    own_folder = fits_layout(submission)
    for folder in (submission.path.parent, submission.path.parent.parent):
        # Other folders above are the instructor's business.
        if own_folder or printable(folder.name) == submission.student:
            _refuse_linked(folder)
    if own_folder:
        _explain_missing(submission.path)
    raw = read_regular(submission.path, NOTEBOOK_LIMIT)
    notebook, repairs = repair(parse_notebook(raw), release)
    files: dict[str, bytes] = {}
    refused: tuple[Repair, ...] = ()
    if own_folder:
        files, refused = extra_files(submission.path.parent, submission.path.name)
    else:
        files, refused = trained_files(submission.path.parent, submission.path.name)
    return Collected(submission, _digest(raw, files), notebook, repairs + refused, files)


def _refuse_linked(folder: Path) -> None:
    if folder.is_symlink():
        raise CollectError(f"The folder {printable(folder.name)} is a link; hand in the folder itself.")


def _explain_missing(path: Path) -> None:
    """Say why there is no notebook to read, where the reason is not the file itself."""
    if os.path.lexists(path) or not path.parent.is_dir():
        return
    others = sorted(printable(name) for name in os.listdir(path.parent)
                    if name.endswith(SUFFIX) and not name.startswith("."))
    if len(others) > 1:
        raise CollectError(f"There are {len(others)} notebooks ({', '.join(others[:5])}) and none is called "
                           f"{printable(path.name)}; hand in one.")
    raise CollectError(f"There is no notebook in this submission; expected {printable(path.name)}.")


def _digest(raw: bytes, files: Mapping[str, bytes]) -> str:
    """SHA-256 over the notebook and the files, each with its length, so that none runs into the next."""
    digest = hashlib.sha256()
    for name, content in [("", raw), *sorted(files.items())]:
        key = name.encode("utf-8")
        digest.update(b"%d:%s%d:" % (len(key), key, len(content)))
        digest.update(content)
    return digest.hexdigest()
