"""The same questions where no sandbox can be made (another system than Linux): cells run in an ordinary kernel, and
checks in this very process. For work that is the course's own.

What this leaves out is what grading adds: forks, limits, the wire, errors carried forward. A build elsewhere says so.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from autograder.audit.cells import failed_cells
from autograder.audit.fork import quiet
from autograder.audit.matrix import BLANK, REFERENCE, Verified, in_brief, told_once
from autograder.audit.quick import QuickAudit, quick_audit
from autograder.audit.witness import unsteady
from autograder.build.outputs import outputs_of
from autograder.course import Prepared
from autograder.judge.blunt import how_blunt
from autograder.judge.ports import LocalPort
from autograder.judge.registry import Check
from autograder.judge.run import run_check
from autograder.judge.student import Student
from autograder.judge.trusted import Trusted
from autograder.model import CellRun, CheckResult, Execution, Kind, Status
from autograder.notebooks import write_files
from autograder.reference import at_work, blank_namespace, reference_namespace

SEEDS = 8
_SEED = 1
_IMPORTS = 120.0  # seconds: this kernel is not warm


def verify_plainly(prepared: Prepared, checks: Sequence[Check], solution: dict[str, Any]) -> Verified:
    """As matrix.verify: what is wrong with a build, by running it and its checks here."""
    assignment = prepared.assignment
    execution = run_plainly(prepared, solution)
    cells = failed_cells(assignment, execution)
    problems = [(REFERENCE, line) for line in cells]
    if not any(item.kind is not Kind.MANUAL for item in assignment.items):
        return Verified((*told_once(problems, " "), "no item is automatically graded"), 1)
    if cells:
        return Verified(told_once(problems, " "), 1)
    with at_work(assignment), quiet():
        space, bare = reference_namespace(assignment), blank_namespace(assignment, prepared.release)
        verdicts = {seed: _verdicts(checks, space, seed) for seed in range(_SEED, _SEED + SEEDS)}
        problems += [(REFERENCE, _refused(result)) for result in verdicts[_SEED] if result.status is not Status.PASSED]
        problems += [(REFERENCE, line) for line in unsteady(verdicts)]
        earned = [result for result in _verdicts(checks, bare, _SEED) if result.status is Status.PASSED]
        blunt = tuple(f"{check.name} {how}" for check in checks if (how := how_blunt(check)))
    problems += [(BLANK, f"earns points without any work: {result.item} ({result.name})") for result in earned]
    return Verified((*told_once(problems, " "), *blunt), SEEDS, outputs_of(execution.notebook))


def audit_plainly(
    prepared: Prepared, trusted: Trusted, solution: dict[str, Any], done: Callable[[str], None] = lambda name: None
) -> QuickAudit:
    """The audit in this process, with what a build asks of the reference before it."""
    verified = verify_plainly(prepared, trusted.checks, solution)
    quick = quick_audit(trusted, _SEED, done)
    return QuickAudit(quick.assignment, quick.tried, (*verified.problems, *quick.problems))


def run_plainly(prepared: Prepared, notebook: dict[str, Any]) -> Execution:
    """Every cell of a notebook of ours in an ordinary kernel, with what lies beside it."""
    assignment = prepared.assignment
    node = nbformat.reads(json.dumps(notebook), as_version=nbformat.NO_CONVERT)
    environment = {"SEQ2GRADE_GRADING": "load", "SEQ2GRADE_HANDIN": "", "MPLBACKEND": "Agg"}
    late = ""
    with tempfile.TemporaryDirectory(prefix="seq2grade-plain-") as place:
        write_files(Path(place), {**assignment.handed_in(), **prepared.given})
        client = NotebookClient(
            node, timeout=assignment.limits.total_seconds + _IMPORTS, kernel_name="python3", allow_errors=True,
            resources={"metadata": {"path": place}},
        )  # fmt: skip
        try:
            client.execute(env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
        except (CellTimeoutError, DeadKernelError) as error:
            late = f"not run, or not to its end: {str(error).splitlines()[0]}"
    runs = tuple(_run(cell, late) for cell in node.cells if cell.cell_type == "code")
    return Execution(node, runs, 0.0)


def _run(cell: Any, late: str) -> CellRun:
    name = str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id)
    raised = next((output for output in cell.outputs if output.output_type == "error"), None)
    if raised is not None:
        return CellRun(name, "error", 0.0, f"{raised.ename}: {raised.evalue}"[:300])
    ran = cell.execution_count is not None or not cell.source.strip()
    return CellRun(name, "ok" if ran else "timeout", 0.0, "" if ran else late)


def _verdicts(checks: Sequence[Check], space: dict[str, Any], seed: int) -> tuple[CheckResult, ...]:
    return tuple(run_check(check, Student(LocalPort(dict(space))), seed) for check in checks)


def _refused(result: CheckResult) -> str:
    if result.status is Status.COULD_NOT_CHECK:
        return f"could not check {result.name}: {in_brief(result.detail)}"
    return f"does not get full marks: {result.name}: {result.message} [{in_brief(result.detail)}]"
