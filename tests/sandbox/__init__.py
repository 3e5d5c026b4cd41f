"""Tests of autograder/sandbox.

Two backends are tried by whoever runs the tests. The others need another user or another place for Python, so
test_elsewhere.py runs the same files again as that user, with the backend's name in this variable.
"""

import os

CHOSEN = "SEQ2GRADE_TEST_BACKENDS"
ONE_PROCESS = "SEQ2GRADE_TEST_ONE_PROCESS"  # set: grade without forks, as with CUDA (tests/courses.py)

# Who runs the code makes no difference to what the grader decides by itself, nor to what the notebook's own process
# does with its cells, its output and its forks: that is tried with the backends here.
BY_THE_GRADER = (
    "zygote",
    "killed_again",
    "ever_other_cells",
    "thousands_of",
    "stands_still",
    "own_environment",
    "any_number_of",
    "as_a_whole_has",
    "gets_round",
    "never_ends",
    "followed_by",
    "cannot_be_interrupted",
    "killed_from_outside",
    "warm_process_is_replaced",
)
BY_THE_NOTEBOOK = (
    "own_cell_only",
    "too_late",
    "polite_exit",
    "called_ok",
    "recursion",
    "cannot_be_shown",
    "output",
    "always_shown",
    "prints_only",
    "random_numbers",
    "of_libraries",
    "waits_for",
    "no_threads",
    "process_itself",
)


def backends_here() -> list[str]:
    """The backends that this run tries."""
    return os.environ.get(CHOSEN, "namespaces none").split()
