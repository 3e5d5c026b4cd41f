"""Checkpoints: safetensors beside the notebook, trained once and then loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from seq2kit import checkpoints
from seq2kit.profiles import by_profile, profile
from seq2kit.training import Run
from torch import nn

FACTS = {"seed": 3, "losses": [1.5, 0.5]}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for what is handed in, and none of the variables that the grader sets."""
    for name in ("SEQ2GRADE_PROFILE", "SEQ2GRADE_GRADING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))
    return tmp_path


def trained(model: nn.Module) -> Run:
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(1.5)
    return Run(model, (2.0, 1.0), (2.5, 1.25), seed=7, updates=4, seconds=0.5)


def test_tensors_and_facts_come_back() -> None:
    """What is saved is loaded bit for bit, tied tensors too, with what was said about it."""
    shared = torch.randn(3, 4)
    path = checkpoints.save("a.b-1", {"one": shared, "two": shared, "view": shared.T}, FACTS)
    tensors, facts = checkpoints.load("a.b-1")
    assert path.name == "a.b-1.safetensors"
    assert checkpoints.exists("a.b-1")
    assert all(torch.equal(tensors[name], shared) for name in ("one", "two"))
    assert torch.equal(tensors["view"], shared.T)
    assert facts == FACTS


def test_a_checkpoint_that_cannot_be_saved_leaves_nothing(place: Path) -> None:
    """Where it cannot come to its place, no half of it lies beside, where it would be handed in."""
    path = checkpoints.save("m", {"one": torch.ones(2)})
    path.unlink()
    path.mkdir()
    with pytest.raises(IsADirectoryError):
        checkpoints.save("m", {"one": torch.ones(2)})
    assert [found.name for found in path.parent.iterdir()] == ["m.safetensors"]


def test_a_model_is_trained_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The first call trains, says so in a line, and saves; the second loads the same, silently, also in the grader."""
    first = checkpoints.train_or_load("m", nn.Linear(2, 1), trained)
    assert capsys.readouterr().out.startswith("m: 1.250 nats on validation, 0 s; kept as ")
    monkeypatch.setenv("SEQ2GRADE_GRADING", "load")

    def never(model: nn.Module) -> Run:
        raise AssertionError("trained a second time")

    second = checkpoints.train_or_load("m", nn.Linear(2, 1), never)
    assert second.model.weight.tolist() == [[1.5, 1.5]]
    assert (second.best_loss, second.best_epoch, second.seed) == (first.best_loss, 1, 7)
    assert not second.model.training


def test_nothing_is_trained_in_the_grader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a submission is graded a missing model is named, with what to do; --retrain lifts that."""
    monkeypatch.setenv("SEQ2GRADE_GRADING", "load")
    with pytest.raises(checkpoints.NotTrained, match=r"checkpoints/m\.safetensors.*hand in the folder"):
        checkpoints.train_or_load("m", nn.Linear(2, 1), trained)
    monkeypatch.setenv("SEQ2GRADE_GRADING", "train")
    assert checkpoints.train_or_load("m", nn.Linear(2, 1), trained).seed == 7


def test_broken_and_foreign_checkpoints_are_named(place: Path) -> None:
    """A file that is no checkpoint, and one of another model, are refused with advice."""
    checkpoints.save("other", nn.Linear(5, 1).state_dict())
    (place / "checkpoints" / "broken.safetensors").write_bytes(b"not a checkpoint")
    with pytest.raises(checkpoints.NotTrained, match="cannot be read"):
        checkpoints.load("broken")
    with pytest.raises(ValueError, match="another model"):
        checkpoints.train_or_load("other", nn.Linear(2, 1), trained)
    with pytest.raises(ValueError, match="is named with letters"):
        checkpoints.exists("../elsewhere")


def test_profiles_keep_apart(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fast profile has its own folder and settings, gpu those of full; an unknown word is refused."""
    assert (profile(), by_profile(full=40, fast=2)) == ("full", 40)
    assert checkpoints.folder() == place / "checkpoints"
    monkeypatch.setenv("SEQ2GRADE_PROFILE", "fast")
    assert (profile(), by_profile(full=40, fast=2)) == ("fast", 2)
    assert checkpoints.folder() == place / "checkpoints-fast"
    monkeypatch.setenv("SEQ2GRADE_PROFILE", "gpu")
    assert (profile(), by_profile(full=40, fast=2)) == ("gpu", 40)
    assert checkpoints.folder() == place / "checkpoints"
    monkeypatch.setenv("SEQ2GRADE_PROFILE", "quick")
    with pytest.raises(ValueError, match="full"):
        profile()


class Masked(nn.Module):
    """One parameter, and a buffer or two."""

    def __init__(self, **buffers: torch.Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(2))
        for name, value in buffers.items():
            self.register_buffer(name, value)


def test_buffers_may_be_missing_or_left_over() -> None:
    """A mask that came to the model, or left it, after the training does not make its weights worthless."""
    mask, weights = torch.ones(2).bool(), {"weight": torch.ones(2)}
    for model, tensors in ((Masked(mask=mask), weights), (Masked(), {**weights, "mask": mask})):
        checkpoints.fill(model, tensors)
        assert model.weight.tolist() == [1.0, 1.0]
    checkpoints.fill(one := Masked(mask=mask), {**weights, "mask": ~mask})
    assert not one.mask.any()


@pytest.mark.parametrize("tensors", [
    {}, {"weight": torch.ones(3)}, {"weight": torch.ones(2), "other": torch.ones(1)}, {"other": torch.ones(2)},
])  # fmt: skip
def test_parameters_are_loaded_strictly(tensors: dict[str, torch.Tensor]) -> None:
    """Weights that are missing, too many, or of another shape belong to another model."""
    with pytest.raises(RuntimeError):
        checkpoints.fill(Masked(mask=torch.ones(2).bool()), tensors)
