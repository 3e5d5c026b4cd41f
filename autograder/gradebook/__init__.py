"""nbgrader's own gradebook (SQLite file or PostgreSQL), and the notebooks that formgrader shows."""

from __future__ import annotations

from autograder.gradebook.autograded import autograded_notebook, write_autograded
from autograder.gradebook.book import CourseGradebook, ScoreRow
from autograder.gradebook.store import database_url

__all__ = ["CourseGradebook", "ScoreRow", "autograded_notebook", "database_url", "write_autograded"]
