"""Gradients are held against what a module computes, and against nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from autograder.errors import Feedback, ProtocolError
from autograder.judge import Draw, Handle, Student, gradients_fit_values
from autograder.judge.ports import LocalPort
from autograder.judge.student import StudentRaised

NOTEBOOK = """
import torch
from torch import nn

class Net(nn.Module):
    '''Five words, their vectors, a hidden layer with kinks, and a second result.'''

    def __init__(self, broken=""):
        super().__init__()
        self.table, self.one, self.two = nn.Embedding(5, 3), nn.Linear(3, 4), nn.Linear(4, 2)
        self.idle = nn.Parameter(torch.ones(2))
        self.broken = broken

    def forward(self, ids):
        x = self.table(ids)
        if self.broken == "detached":
            x = x.detach()
        if self.broken == "single":
            x = torch.zeros(*ids.shape, 3) @ torch.eye(3) + x.float()
        hidden = self.one(x).relu()
        if self.broken == "half":
            hidden = hidden + hidden.detach()
        if self.broken == "rebuilt":
            hidden = torch.tensor(hidden.tolist(), dtype=hidden.dtype)
        return self.two(hidden), hidden

    def _load_from_state_dict(self, state, prefix, *rest):
        state[prefix + "idle"] = state[prefix + "idle"].reshape(2)  # counts on its being there
        super()._load_from_state_dict(state, prefix, *rest)
"""


def net(**settings: Any) -> Handle:
    """One module of the notebook, from the same start each time."""
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(NOTEBOOK, space)
    torch.manual_seed(3)
    made: Handle = Student(LocalPort(space)).Net(**settings)
    return made


IDS = torch.tensor([[0, 3, 1], [4, 2, 2]])


def test_right_gradients_pass_at_any_seed() -> None:
    """Kinks, an unused parameter and a frozen one are no misfits, and the weights are what they were."""
    for seed in range(30):
        module = net()
        module.two.method("requires_grad_", False)
        before = module.parameters()
        gradients_fit_values(module, [IDS], Draw(seed), what="the net")
        assert all(torch.equal(value, before[name].double()) for name, value in module.parameters().items())


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ("detached", "table.weight"),
        ("half", "table.weight, one.weight, one.bias"),
        ("rebuilt", "table.weight, one.weight"),
    ],
)
def test_broken_gradients_are_named(broken: str, named: str) -> None:
    """What is detached, counted half or rebuilt from numbers shows in the parameters before it, at any seed."""
    for seed in range(10):
        with pytest.raises(Feedback) as caught:
            gradients_fit_values(net(broken=broken), [IDS], Draw(seed), what="the net", known={"table.weight"})
        assert caught.value.message.startswith("Moving table.weight changes the net")
        assert named in caught.value.detail


def test_names_that_the_task_does_not_ask_for_are_not_shown() -> None:
    """A parameter is named by its place where its name is the student's own: a name could tell what was fed in."""
    with pytest.raises(Feedback) as caught:
        gradients_fit_values(net(broken="detached"), [IDS], Draw(1), what="the net")
    assert "table" not in str(caught.value)
    assert "parameter 1 of named_parameters()" in caught.value.message


def test_a_module_that_does_not_run_is_no_pass() -> None:
    """An answer that is still missing is told, not taken for one that needs float32."""
    with pytest.raises(StudentRaised):
        gradients_fit_values(net(), [torch.tensor([[5]])], Draw(1), what="the net")


@pytest.mark.parametrize("forged", [{"elsewhere": torch.ones(2)}, {"two.bias": torch.ones(3)}])
def test_gradients_of_other_parameters_are_refused(forged: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Names or shapes that the module does not have cannot make the check trip."""
    monkeypatch.setattr(Handle, "parameter_gradients", lambda *_: forged)
    with pytest.raises(ProtocolError):
        gradients_fit_values(net(), [IDS], Draw(1), what="the net")


def test_a_module_for_float32_only_is_not_judged() -> None:
    """That it does not run in float64 says nothing about its gradients."""
    module = net(broken="single")
    gradients_fit_values(module, [IDS], Draw(1), what="the net")
    assert module(IDS)[0].dtype == torch.float32
