"""What the assignments that train show of it: a curve, a matrix, and nothing where there is nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from autograder.errors import Feedback
from autograder.judge import Check, in_process, load_checks
from autograder.judge.student import NameMissing
from autograder.report.svg import clean

ASSIGNMENTS = Path(__file__).resolve().parents[2] / "assignments"
SHOWN = {"gpt_lm": "the_loss_log_is_a_whole_curve", "bert_finetuning": "models_know_more_than_the_majority_class"}


@cache
def showing(assignment: str) -> dict[str, Check]:
    """The checks of an assignment that show something."""
    return {check.name: check for check in load_checks(ASSIGNMENTS / assignment) if check.shows is not None}


@pytest.mark.parametrize("assignment", SHOWN)
def test_nothing_is_shown_of_what_was_not_handed_in(assignment: str) -> None:
    """Without a run there is no picture, and no error but what every check may raise."""
    shows = showing(assignment)[SHOWN[assignment]].shows
    assert shows is not None
    for space in ({}, {"loss_log": None, "tuned": None}, {"loss_log": [[1]], "tuned": {640: [3]}}):
        with pytest.raises((Feedback, NameMissing)):
            shows(in_process(dict(space)))


def test_a_language_models_run_is_shown_as_its_log() -> None:
    """Training and validation loss over the updates, as they stand in the log."""
    shows = showing("gpt_lm")[SHOWN["gpt_lm"]].shows
    assert shows is not None
    picture = shows(in_process({"loss_log": [[0, 4.25, 4.26], [100, 1.5, 1.6], [200, 1.3, 1.4]]}))
    assert clean(picture)
    assert picture.count("<polyline") == 2
    assert ">training<" in picture
    assert ">validation<" in picture
