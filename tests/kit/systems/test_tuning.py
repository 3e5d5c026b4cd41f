"""Two tasks on the same sentences, and models that are tuned for them."""

from __future__ import annotations

import copy

import pytest
import torch
from seq2kit.systems import tuning
from torch import nn


def test_both_tasks_have_labels() -> None:
    """Two classes of the sign, three of the size; no third task."""
    items, inputs = tuning.sentences("bert-math")["validation"]
    assert sorted(tuning.labels("sign", items).unique().tolist()) == [0, 1]
    assert sorted(tuning.labels("size", items).unique().tolist()) == [0, 1, 2]
    assert len(items) == len(inputs["input_ids"]) == 160
    with pytest.raises(ValueError, match="tasks are"):
        tuning.labels("colour", items)


def test_rehearsal_keeps_what_full_tuning_forgets() -> None:
    """The experiment that part 5 rests on, for one seed."""
    start = tuning.tuned_start(11)
    old, before = copy.deepcopy(start.classifier), tuning.accuracy(start, "bert-math", "sign")
    lost = []
    for rehearse in (None, ("sign", old, 16)):
        model = copy.deepcopy(start)
        torch.manual_seed(1)
        model.classifier = nn.Linear(64, 3)
        tuning.fit(model, "bert-math", "size", epochs=5, rate=5e-4, rehearse=rehearse)
        assert tuning.accuracy(model, "bert-math", "size") >= 0.9
        lost.append(before - tuning.accuracy(model, "bert-math", "sign", old))
    assert lost[0] > 0.1 > 0.05 > lost[1]


def test_frozen_weights_stay() -> None:
    """A few steps move what requires a gradient, and nothing else."""
    model = tuning.classifier("", 3)
    model.requires_grad_(False)
    model.classifier.requires_grad_(True)
    before = {name: p.clone() for name, p in model.named_parameters()}
    tuning.a_few_steps(model)
    moved = {name for name, p in model.named_parameters() if not torch.equal(p, before[name])}
    assert moved == {"classifier.weight", "classifier.bias"}


def test_the_course_has_its_own_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the grader nothing is run: what we got is told."""
    monkeypatch.setenv("SEQ2GRADE_GRADING", "load")
    told, ours = tuning.told("minilm-tuning", "minilm", lambda: {})
    assert ours
    assert set(told) == {"before", "full", "head", "lora", "prompt"}


def test_turned_tensors_are_the_same_and_lie_otherwise() -> None:
    """Matrices come with their numbers column by column, equal to what was given; others as they are."""
    given = {"w": torch.arange(6.0).reshape(2, 3), "b": torch.ones(4)}
    seen = tuning.told_of_turned(dict, given)
    assert all(torch.equal(seen[name], tensor) for name, tensor in given.items())
    assert not seen["w"].is_contiguous()
    assert given["w"].is_contiguous()
