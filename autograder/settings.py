"""nbgrader's settings for a course. Each nbgrader_config.py calls `configure`, so that none of them grows old."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from autograder.gradebook import database_url
from autograder.nbgrader import REFUSED


def configure(c: Any, root: Path) -> None:
    """Fill nbgrader's configuration `c` for the course in `root`."""
    _find_alembic()
    _course(c, root)
    _grading(c)
    _solutions(c)
    # formgrader shows rubrics and reference answers; feedback says what a person gave.
    c.HTMLExporter.preprocessors = ["autograder.pages.Pages"]
    # Students' output ends up in pages that instructors open.
    c.HTMLExporter.sanitize_html = True


def _find_alembic() -> None:
    """nbgrader starts the `alembic` command for a new gradebook. To a server that was started by its path, without its
    environment being active, PATH does not lead there, and formgrader would show an empty page."""
    if shutil.which("alembic") is None:
        places = (os.environ.get("PATH", ""), str(Path(sys.executable).parent))
        os.environ["PATH"] = os.pathsep.join(place for place in places if place)


def _course(c: Any, root: Path) -> None:
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.db_url = database_url(root)
    c.CourseDirectory.source_directory = "source"
    c.CourseDirectory.release_directory = "release"
    c.CourseDirectory.solution_directory = "solutions"
    c.CourseDirectory.submitted_directory = "submitted"
    c.CourseDirectory.autograded_directory = "autograded"
    c.CourseDirectory.feedback_directory = "feedback"
    # What is copied out of a submission: no caches, no hidden files, and nothing that was set aside. Sizes in kB.
    c.CourseDirectory.ignore = [".*", "__pycache__", "*.pyc", "feedback", f"*{REFUSED}"]
    c.CourseDirectory.max_file_size = 50_000
    c.CourseDirectory.max_dir_size = 100_000


def _grading(c: Any) -> None:
    """Submissions run in our sandbox and are judged from outside it."""
    c.Autograde.create_student = True
    c.Autograde.pre_convert_hook = "autograder.nbgrader.prepare"
    c.Autograde.exporter_class = "autograder.nbgrader.UnreadNotebook"
    c.Autograde.sanitize_preprocessors = ["autograder.nbgrader.Collect"]
    c.Autograde.autograde_preprocessors = ["autograder.nbgrader.Judge", "autograder.nbgrader.SaveScores"]
    # A zip with one student's work stays a zip, and is graded as one.
    c.ZipCollectApp.extractor_plugin = "autograder.zipped.Extractor"
    c.ZipCollectApp.collector_plugin = "autograder.zipped.Collector"


def _solutions(c: Any) -> None:
    """Solutions are published one day: without hidden tests, and not run outside the sandbox."""
    c.GenerateSolution.preprocessors = [
        "nbgrader.preprocessors.IncludeHeaderFooter",
        "nbgrader.preprocessors.LockCells",
        "nbgrader.preprocessors.ClearOutput",
        "nbgrader.preprocessors.ClearMarkScheme",
        "nbgrader.preprocessors.ClearHiddenTests",
    ]
