"""`seq2grade train`: run the reference solution as a student would, and keep the models that it trains."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from autograder.assignment import Assignment, load_assignment
from autograder.build.regions import HIDDEN, split
from autograder.build.source import source_notebook
from autograder.errors import BuildError
from autograder.notebooks import write_files
from autograder.writing import replace_file

CHECKPOINTS = {"full": "checkpoints", "fast": "checkpoints-fast", "gpu": "checkpoints-gpu"}


@dataclass(frozen=True)
class Trained:
    """What a run of the reference left: wall-clock `seconds` of the whole notebook, and its files with their sizes."""

    assignment: str
    profile: str
    seconds: float
    files: dict[str, int]


def train(folder: Path, profile: str = "full", again: bool = False, seconds: float = 1800.0) -> Trained:
    """Run the solution of the assignment in `folder`; with the full profile, keep what it hands in in handin/.

    Models that are there already are loaded, unless `again`. Raises BuildError naming the cell that failed."""
    assignment = load_assignment(folder)
    with tempfile.TemporaryDirectory(prefix="seq2grade-train-") as place:
        write_files(Path(place), assignment.given())
        if profile != "fast" and not again:
            write_files(Path(place), assignment.handed_in())
        begin = time.perf_counter()
        _run(assignment, Path(place), profile, seconds)
        took = time.perf_counter() - begin
        made = Path(place) / CHECKPOINTS[profile]
        files = {f"{made.name}/{path.name}": path.stat().st_size for path in sorted(made.glob("*.safetensors"))}
        if profile == "full" and files:
            _keep(made, assignment.handin / made.name)
    return Trained(assignment.id, profile, took, files)


def _run(assignment: Assignment, place: Path, profile: str, seconds: float) -> None:
    notebook = nbformat.from_dict(source_notebook(assignment))
    for cell in notebook.cells:  # hidden tests judge a finished notebook, and this one is being made
        cell.source = "\n".join(split(cell.source, (HIDDEN,)).open)
    environment = {"SEQ2GRADE_PROFILE": profile, "SEQ2GRADE_GRADING": "train", "SEQ2GRADE_HANDIN": ""}
    client = NotebookClient(
        notebook, timeout=seconds, kernel_name="python3", resources={"metadata": {"path": str(place)}}
    )
    try:
        # what the kernel itself writes to stderr is about its sockets; what the cells write comes as output
        client.execute(env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise BuildError(f"{assignment.id}: the solution does not run to its end: {error}") from error


def _keep(made: Path, target: Path) -> None:
    """Replace the models of the last run; none of an earlier one stays behind."""
    fresh = {replace_file(target / path.name, path.read_bytes(), 0o644) for path in made.glob("*.safetensors")}
    for old in set(target.glob("*.safetensors")) - fresh:
        old.unlink()
