"""A GPT that sees few words can come close in the mean. It does not agree with subjects that it does not see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from autograder.assignment import load_assignment
from autograder.audit.quick import judged
from autograder.judge.trusted import Trusted
from autograder.model import Status

FOLDER = Path(__file__).resolve().parents[2] / "assignments" / "gpt_lm"
TRUSTED = Trusted.load(load_assignment(FOLDER))
(CHECK,) = (check for check in TRUSTED.checks if check.name == "verbs_agree_across_relative_clauses")
REF = CHECK.run.__globals__["ref"]
WEIGHTS = load_file(FOLDER / "handin" / "checkpoints" / "gpt.safetensors")


def answers(weights: dict[str, torch.Tensor]) -> dict[str, Any]:
    """A notebook whose best model has these weights."""
    space = TRUSTED.reference()
    model = space["GPT"](**space["CONFIG"])
    model.load_state_dict(weights)
    return {**space, "best_model": model.eval()}


def test_the_handed_in_model_agrees_at_every_distance() -> None:
    """With all of the window in sight, on several draws of sentences."""
    for seed in (1, 2, 3):
        assert min(REF.agreements(WEIGHTS, seed)) >= 0.98
    assert judged(CHECK, answers(WEIGHTS), 5).status is Status.PASSED


def test_three_words_in_each_of_two_layers_reach_over_one_clause() -> None:
    """Five words in all: from two clauses on, whatever the weights, exactly one half is right."""
    short = replace(REF.kinds.PLAN, sees=3)
    assert short in REF.kinds.KINDS
    for weights in (WEIGHTS, {name: torch.randn_like(tensor) for name, tensor in WEIGHTS.items()}):
        assert REF.agreements(weights, 4, short)[1:] == [0.5, 0.5, 0.5]


def test_a_short_sighted_model_is_told_at_which_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that are at home in a GPT of three words are judged in one, and fail."""
    short = replace(REF.kinds.PLAN, sees=3)
    monkeypatch.setattr(REF, "kinds_of", lambda *_: [(short, 1.2)])
    result = judged(CHECK, answers(WEIGHTS), 5)
    assert result.status is Status.FAILED
    assert "relative clause" in result.message


def test_untrained_weights_are_not_called_short_sighted() -> None:
    """What has learned nothing is told to be trained; no cause is guessed."""
    fresh = TRUSTED.reference()["GPT"](**TRUSTED.reference()["CONFIG"]).state_dict()
    result = judged(CHECK, answers(fresh), 5)
    assert result.status is Status.FAILED
    assert "have not learned" in result.message
    assert "relative clause" not in result.message


def test_positions_that_lie_on_their_side_are_put_upright() -> None:
    """The same model, whatever way its table is stored."""
    (name,) = (name for name in WEIGHTS if name.startswith("position."))
    turned = {**WEIGHTS, "position.columns": WEIGHTS[name].T.contiguous()}
    del turned[name]
    windows = REF.validation_windows()[:16]
    upright = REF.losses(WEIGHTS, windows, -1.0)[0]
    assert min(REF.losses(turned, windows, -1.0)) == pytest.approx(upright, rel=1e-5)
