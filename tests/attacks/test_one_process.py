"""Cheats that one process for all checks might let through, as with CUDA, in one batch. `make attacks
ATTACKS=--one-process` tries the whole bank on that path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.fleet.local import grade_many
from autograder.sandbox.client import Zygote
from tests.attacks import RIGHT_ANSWER, RIGHT_CHOICE
from tests.attacks.cheat import cheats
from tests.attacks.test_attacks import SEED, SHORT, hold
from tests.courses import Demo, of_all_workers

pytest_plugins = ["tests.courses"]

# They keep something from one check to the next, end or hold up the process that answers, or wait for their threads.
CHOSEN = (
    "ask_and_answer_again", "best_of_two", "die_and_answer_again", "echoed_inputs", "exit_in_a_function",
    "forged_missing_name", "frames_in_a_function", "harmed_arguments", "killed_parent", "overridden_names", "patched_tensors",
    "pools_and_threads", "signal_handlers", "sleep_in_a_function",
)  # fmt: skip


@pytest.fixture(scope="module")
def without_forks(sandbox: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    """A warm process whose notebooks answer checks themselves."""
    secret = (str(of_all_workers(tmp_path_factory)),)
    with Zygote(sandbox, secret=secret, forks=False, modules=()) as zygote:
        yield zygote


def test_no_cheat_gains_in_one_process(demo: Demo, without_forks: Zygote, tmp_path: Path) -> None:
    """Each comes to the verdict that it has with forks, nothing stays open, and honest work among them is unharmed."""
    bank = {cheat.name: cheat for cheat in cheats() if cheat.name in CHOSEN}
    assert set(bank) == set(CHOSEN)
    solved = demo.solved(tempered_softmax=RIGHT_ANSWER, hot_limit=RIGHT_CHOICE)
    handed_in = [demo.hand_in("alice", solved), *(cheat.hand_in(demo, name) for name, cheat in bank.items())]
    course = Course(demo.root, without_forks, SHORT)
    grades = {grade.student: grade for grade in grade_many(course, handed_in, jobs=2, seed=SEED)}
    wrong = []
    for name, cheat in bank.items():
        submission = next(one for one in handed_in if one.student == name)
        try:
            hold(cheat, submission, grades[name], grades["alice"], tmp_path / name)
        except AssertionError as error:
            wrong.append(f"{name}: {error}")
    assert not wrong, "\n\n".join(wrong)
