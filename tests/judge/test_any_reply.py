"""No reply leads to an undecided check: a sample of what `tests.judge.any_reply` tries at length."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from autograder.assignment import find_assignments, load_assignment
from autograder.build import new_assignment
from autograder.judge import Check, Student, expect
from autograder.judge.trusted import Trusted
from autograder.model import Status
from tests.judge import any_reply
from tests.judge.sample import RIGHT, a_check, trusted

ROOT = Path(__file__).resolve().parents[2]
# Replies that a check has reasons not to look at: its own property is another one, or what comes back is a tool.
HARMLESS = {
    ("a_step_returns_the_loss_before_it", "lm_forward"), ("drawn_tokens_have_their_frequencies", "manual_seed"),
    ("drawn_tokens_have_their_frequencies", "next_token_probs"), ("eighty_ten_ten", "generator"),
    ("the_generator_decides_the_draws", "manual_seed"), ("the_log_has_its_rows", "register_buffer"),
    ("the_caption_is_not_taboo", "my_name"), ("the_log_shows_a_search", "my_name"),
    ("the_copy_is_a_copy", "generic"), ("the_copy_is_a_copy", "init_from"),
    ("fitting_tensors_are_copied", "init_from"), ("the_ids_of_the_caller_stay", "generator"),
    ("validation_items_after_640_examples", "history"), ("answer_for_1e15_follows_from_own_optima", "optima"),
    ("answer_for_1e15_follows_from_own_optima", "fit_linear_log"), ("tokens_for_1e15_use_up_the_compute", "optima"),
    ("prompt_is_in_the_model", "get_parameter"), ("nothing_is_recorded_for_autograd", "manual_seed"),
}  # fmt: skip


@pytest.mark.long
def test_no_reply_leaves_a_check_of_this_course_undecided() -> None:
    """Some mutations of an eighth of the checks' replies: all decided, none takes long, and none that is plainly wrong
    passes."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    command = [sys.executable, "-m", "tests.judge.any_reply", "sample"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | one, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = done.stdout.splitlines()
    problems = [line for line in lines if line.startswith(("undecided", "slow", "passed"))]
    kinds = [tuple(line.split(" at (")[0].replace("*", "").split(": ")[1:3]) for line in problems]
    odd = [
        line
        for line, (name, request) in zip(problems, kinds, strict=True)
        if line.startswith(("undecided", "slow")) or (name, request.split()[1]) not in HARMLESS
    ]
    assert odd == []
    broken = [line for line in lines if line.startswith("broke")]
    assert len(broken) <= 3, "\n".join(broken)
    assert sum("'tried'" in line for line in lines) == len(find_assignments(ROOT))


def test_no_reply_breaks_a_check_of_the_template(tmp_path: Path) -> None:
    """What authors start from takes no reply apart before it has looked at it."""
    ready = Trusted.load(load_assignment(new_assignment(tmp_path, "demo")))
    for check in ready.checks:
        problems = [str(outcome) for outcome in any_reply.attempts(ready, check, 10**6, 60.0) if outcome.problem]
        assert problems == []


def breaks(student: Student) -> None:
    assert bool(torch.allclose(student.square(torch.ones(2)) * 1, torch.ones(2)))


def passes_anyway(student: Student) -> None:
    student.square(torch.ones(2))


def looks_first(student: Student) -> None:
    expect.close(student.square(torch.ones(2)), torch.ones(2), what="square(x)")


@pytest.mark.parametrize(
    ("run", "problems"), [(breaks, {"", "broke"}), (passes_anyway, {"", "passed"}), (looks_first, {""})]
)
def test_the_fuzzer_finds_what_it_looks_for(run: object, problems: set[str]) -> None:
    """A careless check breaks, one that looks at nothing passes, and a careful one does neither."""
    check: Check = a_check("one", run)  # type: ignore[arg-type]
    ready = trusted(check)
    ready._spaces[""] = RIGHT()
    found = list(any_reply.attempts(ready, check, 10**6, 60.0))
    assert {outcome.problem for outcome in found} == problems
    assert all(outcome.verdict is not Status.COULD_NOT_CHECK for outcome in found)
    assert len(found) > len(any_reply.ODD)


def test_every_mutation_can_be_made_of_anything() -> None:
    """No kind of reply is left out because a mutation does not fit it."""
    for value in (None, 1.5, True, "x", [1, 2], (torch.ones(2), [1]), {"a": 1}, np.ones((2, 3)), torch.zeros(0), ()):
        for name, change in any_reply.ODD.items():
            for spot in any_reply.spots(value):
                any_reply.put(value, spot, change)
            assert name
