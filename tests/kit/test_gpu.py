"""Larger runs: what they cost, and how a model gets to a device and comes home."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from seq2kit import checkpoints, gpu
from torch import Tensor, nn

SIZES = {"one": gpu.Size({"width": 3}, batch=4, updates=1000, rate=1e-3, cost=gpu.Cost(1234, 6e11, 2.5e9))}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for checkpoints, and none of the variables that the grader sets."""
    for name in ("SEQ2GRADE_PROFILE", "SEQ2GRADE_GRADING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))
    return tmp_path


class Asked(nn.Module):
    """A layer that notes where its inputs lie."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 2)
        self.seen: list[str] = []

    def forward(self, x: Tensor, *, more: Any = None) -> tuple[Tensor, list[Tensor], str]:
        self.seen += [x.device.type, *(part.device.type for part in (more or {}).values())]
        return self.layer(x), [x], "said"


def test_cost_of_a_small_network_is_that_of_the_formula() -> None:
    """Two linear layers without bias: forwards 2 n d m each; backwards twice that, but once for the first, whose input
    needs no gradient. Kept are input, hidden state before and after; frozen weights are not trained."""
    model = nn.Sequential(nn.Linear(5, 7, bias=False), nn.Tanh(), nn.Linear(7, 3, bias=False))
    found = gpu.cost(model, lambda model: model(torch.zeros(11, 5, device=gpu.META)))
    assert found.parameters == 5 * 7 + 7 * 3
    assert found.flops == 2 * 11 * (2 * 5 * 7 + 3 * 7 * 3)
    assert found.memory == 4 * (4 * found.parameters + 11 * 5 + 11 * 7)
    model.requires_grad_(False)[2].weight.requires_grad_(True)
    assert gpu.cost(model, lambda model: model(torch.zeros(11, 5, device=gpu.META))).parameters == 7 * 3


def test_an_input_that_stays_on_the_cpu_is_an_error() -> None:
    """As it would be on a GPU."""
    with pytest.raises(RuntimeError, match="meta"):
        gpu.cost(nn.Linear(5, 7), lambda model: model(torch.zeros(11, 5)))


def test_inputs_follow_a_placed_model_and_answers_come_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside the block, also those given by name and in tables; training works as it stands; afterwards all is as was.

    Nothing comes back from the meta device, so here home is there, too."""
    monkeypatch.setattr(gpu, "HOME", gpu.META)
    model, x = Asked(), torch.ones(4, 3)
    with gpu.placed(model, gpu.META) as same:
        assert same is model
        said, kept, word = model(x, more={"a": torch.ones(1)})
        said.sum().backward()
        torch.optim.AdamW(model.parameters()).step()
    assert model.seen == ["meta", "meta"]
    assert (said.device.type, kept[0].device.type, word) == ("meta", "meta", "said")
    assert not model._forward_hooks
    assert not model._forward_pre_hooks
    assert gpu.moved((x, [{"b": x}], 3), gpu.META)[1][0]["b"].device == gpu.META


def test_a_model_that_is_placed_nowhere_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is moved, and nothing is hooked."""
    model, before = Asked(), torch.get_float32_matmul_precision()
    with gpu.placed(model, None):
        assert (len(model._forward_hooks), torch.get_float32_matmul_precision()) == (0, before)
    with pytest.raises(ZeroDivisionError), gpu.placed(model, gpu.HOME):
        raise ZeroDivisionError
    assert (len(model._forward_hooks), torch.get_float32_matmul_precision()) == (0, before)


def test_a_larger_run_is_told_where_it_is_not_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In another profile, and without a GPU: what it is, what it costs, and what is missing."""

    def never(device: torch.device | None) -> None:
        raise AssertionError

    assert gpu.larger(SIZES, never) is None
    told = capsys.readouterr().out
    assert "one: 1,234 parameters, 1,000 updates of 4 sequences, 6.0e+14 FLOPs, 2.5 GB" in told
    assert "1 min or more" in told
    assert "SEQ2GRADE_PROFILE=gpu" in told
    monkeypatch.setenv("SEQ2GRADE_PROFILE", "gpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert gpu.larger(SIZES, never) is None
    assert "finds no GPU" in capsys.readouterr().out


def test_a_larger_run_has_a_folder_of_its_own(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a GPU it is made, in the grader never; once it is there it is loaded without one."""
    monkeypatch.setenv("SEQ2GRADE_PROFILE", "gpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)

    def work(device: torch.device | None) -> str:
        if not checkpoints.exists("one"):
            checkpoints.save("one", {"w": torch.ones(2)})
        return str(device)

    monkeypatch.setenv("SEQ2GRADE_GRADING", "load")
    assert gpu.larger(SIZES, work) is None
    monkeypatch.delenv("SEQ2GRADE_GRADING")
    assert gpu.larger(SIZES, work) == "cuda"
    assert [path.name for path in place.iterdir()] == ["checkpoints-gpu"]
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert gpu.larger(SIZES, work) == "None"
    assert checkpoints.folder() == place / "checkpoints"
