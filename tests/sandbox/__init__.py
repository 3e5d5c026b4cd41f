"""Tests of autograder/sandbox.

Two backends are tried by whoever runs the tests. The others need another user or another place for Python, so
test_elsewhere.py runs the same files again as that user, with the backend's name in this variable.
"""

import os

CHOSEN = "SEQ2GRADE_TEST_BACKENDS"


def backends_here() -> list[str]:
    """The backends that this run tries."""
    return os.environ.get(CHOSEN, "namespaces none").split()
