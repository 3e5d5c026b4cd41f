"""Find submissions, read them as hostile bytes, and put the release's cells back where they belong."""

from __future__ import annotations

from autograder.collect.choose import one_each
from autograder.collect.find import find_submissions
from autograder.collect.intake import collect
from autograder.collect.manifest import ReleaseCell, Role, manifest

__all__ = ["ReleaseCell", "Role", "collect", "find_submissions", "manifest", "one_each"]
