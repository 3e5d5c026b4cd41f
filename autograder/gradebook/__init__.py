"""nbgrader's own gradebook (SQLite file or PostgreSQL), and the notebooks that formgrader shows.

What imports nbgrader is imported when it is first asked for: it takes a second, in which a warm process can begin.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograder.gradebook.autograded import autograded_notebook, write_autograded

if TYPE_CHECKING:
    from autograder.gradebook.book import CourseGradebook, ScoreRow
    from autograder.gradebook.store import database_url

__all__ = ["CourseGradebook", "ScoreRow", "autograded_notebook", "database_url", "write_autograded"]

_LATER = {"CourseGradebook": "book", "ScoreRow": "book", "database_url": "store"}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
