"""From an instructor's text to source/, release/ and solutions/, through nbgrader."""

from autograder.build.assemble import BuildResult, build_assignment, stale_folders
from autograder.build.coverage import SourceId, coverage_markdown, read_source_ids
from autograder.build.new import new_assignment
from autograder.build.structure import Checks

__all__ = [
    "BuildResult",
    "Checks",
    "SourceId",
    "build_assignment",
    "coverage_markdown",
    "new_assignment",
    "read_source_ids",
    "stale_folders",
]
