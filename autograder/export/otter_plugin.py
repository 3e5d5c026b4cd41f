"""The plugin that grades inside `otter run` and `otter grade`: seq2grade runs the work in its sandbox, otter's kernel
gets an empty notebook, and otter's results are filled with our verdicts (decision 0022).

otter's kernel would run student code and hidden tests side by side, and unpickle what that process wrote. Here no line
of a student's reaches it, and nothing that a student wrote is unpickled.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from otter.plugins import AbstractOtterPlugin
from otter.test_files import GradingResults, TestCase
from otter.test_files.abstract_test import TestCaseResult
from otter.test_files.exception_test import ExceptionTestFile

import autograder
from autograder.errors import Seq2gradeError
from autograder.export.public import Check, Item, Result, number, parse
from autograder.model import Status
from autograder.report.plain import plain

_LOG = ".OTTER_LOG"
_MESSAGE = 4000
# What otter lays beside a student's notebook before it grades.
_OTTERS = frozenset({"tests", "__init__.py", _LOG})
_COMMAND = (sys.executable, "-c", "from autograder.cli import main; main()")
SANDBOX = "SEQ2GRADE_SANDBOX"
_PACKAGE = Path(autograder.__file__).parent


class Plugin(AbstractOtterPlugin):
    """See otter.plugins.AbstractOtterPlugin. Its configuration names the `assignment`."""

    _result: Result | None = None
    _sandbox = "auto"

    def before_grading(self, config: Any) -> None:
        """A log that was handed in is removed: otter would unpickle it."""
        # As root in a container that is thrown away, where namespaces cannot be had; else the strongest there is.
        self._sandbox = "auto" if config.otter_run else "container"
        config.grade_from_log = False
        log = self._folder / _LOG
        if log.is_symlink() or log.is_file():
            log.unlink()

    def before_execution(self, submission: Any) -> Any:
        """Grades what was handed in, and gives otter's kernel nothing to run. Raises Seq2gradeError where there is no
        verdict: then otter writes no results, and the same work can be graded again."""
        source = self._folder.parent / "source"
        for folder in (source, source.parent / "results"):  # student code runs as a user of its own
            folder.chmod(0o700)
        sandbox = os.environ.get(SANDBOX, self._sandbox)
        if sandbox == "container":
            _PACKAGE.chmod(0o700)
        self._result = graded(self._folder, source / "course", self.plugin_config["assignment"], sandbox)
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        return nbformat.v4.new_notebook(metadata=kernel)

    def after_grading(self, results: GradingResults) -> None:
        """The verdicts in place of those of otter's kernel, which has seen no work."""
        if self._result is None:
            raise Seq2gradeError("nothing was graded: otter ran this plugin in an order that it does not know")
        results.clear_results()
        results.results |= {one.name: one for one in files(self._result)}
        results._catastrophic_error = None  # that of the kernel, if it had one, concerns no work
        results.set_output(self.generate_report())

    def generate_report(self) -> str:
        """What is not in the points: an error, and what a person has still to read."""
        if self._result is None:
            return ""
        told = [plain(self._result.error, limit=_MESSAGE)] if self._result.error else []
        if self._result.waiting:
            told.append(f"A person grades {number(self._result.waiting)} points more, which are not counted here.")
        return "\n".join(told)

    @property
    def _folder(self) -> Path:
        return Path(self.submission_path).parent


def graded(folder: Path, course: Path, assignment: str, sandbox: str) -> Result:
    """What lies in `folder`, graded by `seq2grade grade` in a process of its own. Raises Seq2gradeError where points
    could not be checked, or nothing could be graded."""
    with tempfile.TemporaryDirectory(prefix="seq2grade-") as work:
        place, json_file = Path(work) / "submitted" / "student" / assignment, Path(work) / "results.json"
        shutil.copytree(folder, place, symlinks=True, ignore=_without_otters(folder))
        options = ["--assignment", assignment, "--course", str(course), "--no-gradebook", "--jobs", "1"]
        where = ["--sandbox", sandbox, "--json", str(json_file)]
        command = [*_COMMAND, "grade", str(place.parent.parent), *options, *where]
        done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
        if not json_file.is_file():
            raise Seq2gradeError(
                f"nothing was graded: {done.stderr.strip()[-1000:] or f'it ended with {done.returncode}'}"
            )
        (result,) = parse(json_file.read_bytes(), "the results")
    if result.pending:
        raise Seq2gradeError(f"no score is given: {result.open}. Grade again")
    return result


def _without_otters(folder: Path) -> Any:
    return lambda place, names: _OTTERS & set(names) if Path(place) == folder else set()


def files(result: Result) -> list[ExceptionTestFile]:
    """A test file of otter's for each item that is graded by checks, and a case in it for each check, with its points.
    Only classes of otter's own, so that whoever reads them needs nothing else."""
    return [_file(item) for item in result.items if item.checks]


def _file(item: Item) -> ExceptionTestFile:
    cases = [_case(check) for check in item.checks]
    made = ExceptionTestFile(plain(item.id), f"{item.id}.py", cases, all_or_nothing=False)
    made.test_case_results = [
        TestCaseResult(test_case=case, message=plain(check.message, limit=_MESSAGE), passed=_passed(check))
        for case, check in zip(cases, item.checks, strict=True)
    ]
    return made


def _passed(check: Check) -> bool:
    return check.status is Status.PASSED


def _case(check: Check) -> TestCase:
    points = check.points if _passed(check) else check.max_points
    return TestCase(plain(f"{check.id} {check.claim}", limit=400), "", False, points, None, None)
