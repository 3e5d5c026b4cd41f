"""Tests of autograder/sandbox.

Two backends are tried by whoever runs the tests. The others need another user or another place for Python, so
test_elsewhere.py runs the same files again as that user, with the backend's name in this variable.
"""

import os

CHOSEN = "SEQ2GRADE_TEST_BACKENDS"
ONE_PROCESS = "SEQ2GRADE_TEST_ONE_PROCESS"  # set: grade without forks, as with CUDA (tests/courses.py)


def backends_here() -> list[str]:
    """The backends that this run tries."""
    return os.environ.get(CHOSEN, "namespaces none").split()
