"""From an instructor's text to source/, release/ and solutions/, through nbgrader."""

from autograder.build.assemble import BuildResult, build_assignment, stale_folders
from autograder.build.coverage import SourceId, coverage_markdown, read_source_ids
from autograder.build.layout import forgotten, verify_layout
from autograder.build.new import CONFIG, CourseFiles, config_fault, new_assignment, new_course
from autograder.build.structure import Checks

__all__ = [
    "CONFIG",
    "BuildResult",
    "Checks",
    "CourseFiles",
    "SourceId",
    "build_assignment",
    "config_fault",
    "coverage_markdown",
    "forgotten",
    "new_assignment",
    "new_course",
    "read_source_ids",
    "stale_folders",
    "verify_layout",
]
