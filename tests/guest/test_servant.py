"""What the servant does with the objects of a notebook, and what it leaves alone."""

from __future__ import annotations

import decimal
import sys
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from autograder.guest import switches
from autograder.guest.servant import Servant
from autograder.guest.wire import pack, unpack
from autograder.judge import Handle, in_process
from autograder.judge.student import StudentRaised


class Masked(nn.Module):
    """Two parameters, a mask that is saved with them, and one that is not."""

    def __init__(self, tied: bool = False) -> None:
        super().__init__()
        self.layer, self.head = nn.Linear(3, 3), nn.Linear(3, 3)
        if tied:
            self.head.weight = self.layer.weight
        self.register_buffer("causal", torch.ones(3, 3).tril())
        self.register_buffer("codes", torch.arange(3.0), persistent=False)

    def forward(self, x: torch.Tensor) -> Any:
        return self.layer(x) * self.causal[0] + self.codes


def made(tied: bool = False) -> Handle:
    """Such a module, as a check has it."""
    handle = in_process({"Masked": Masked}).Masked(tied)
    assert isinstance(handle, Handle)
    return handle


@pytest.mark.parametrize("tied", [False, True])
def test_parameters_can_be_loaded_into_a_module_with_buffers(tied: bool) -> None:
    """What `parameters` gives can be loaded again; buffers that were not sent stay as they are."""
    model = made(tied)
    weights = {name: torch.full_like(value, 0.5) for name, value in model.parameters().items()}
    model.load(weights)
    assert all(torch.equal(value, weights[name]) for name, value in model.parameters().items())
    assert torch.equal(model(torch.ones(3)).detach(), torch.tensor([2.0, 1.0, 2.0]))


def test_buffers_that_were_sent_are_loaded() -> None:
    """A check may set a buffer, too."""
    model = made()
    model.load({**model.parameters(), "causal": torch.zeros(3, 3)})
    assert torch.equal(model(torch.ones(3)).detach(), torch.arange(3.0))


@pytest.mark.parametrize("change", [
    lambda w: {**w, "other": torch.zeros(1)},
    lambda w: {name: value for name, value in w.items() if name != "layer.bias"},
    lambda w: {**w, "layer.bias": torch.zeros(4)},
    lambda w: {**w, "causal": torch.zeros(4, 4)},
])  # fmt: skip
def test_parameters_are_loaded_strictly(change: Any) -> None:
    """A name that the module lacks, a parameter that was not sent, or another shape is refused, and told as that."""
    model = made()
    with pytest.raises(StudentRaised) as caught:
        model.load(change(model.parameters()))
    assert caught.value.seen["ours"] == "weights"


@pytest.mark.parametrize(("code", "ours"), [
    (lambda x: x.detach() * 2, "no gradient"), (lambda x: (2 * x).tolist(), "no tensor"), (lambda x: x[:1], "shape"),
    (lambda x: 2 * x.numpy(force=True), "no tensor"),
])  # fmt: skip
def test_a_result_without_gradients_is_no_exception_of_the_answer(code: Any, ours: str) -> None:
    """What cannot be differentiated is told apart from what a function raises."""
    student = in_process({"f": code})
    with pytest.raises(StudentRaised) as caught:
        student.vjp("f", [torch.ones(3)], [torch.ones(3)])
    assert caught.value.seen["ours"] == ours


def leave_on() -> None:
    """As a notebook does it."""
    torch.set_grad_enabled(False)
    torch.set_default_dtype(torch.float64)
    np.seterr(all="raise")
    warnings.simplefilter("error")
    decimal.getcontext().prec = 3
    torch.set_anomaly_enabled(True)


def state() -> list[Any]:
    """The switches of this process."""
    return [torch.is_grad_enabled(), torch.get_default_dtype(), np.geterr(), list(warnings.filters),
            decimal.getcontext().prec, torch.is_anomaly_enabled(), sys.getrecursionlimit()]  # fmt: skip


def test_in_process_nothing_is_set_back() -> None:
    """A port into this very process changes no switch of it: the judge's own stay as they are."""
    usual = state()
    with torch.no_grad(), np.errstate(all="raise"), warnings.catch_warnings(), decimal.localcontext() as own:
        warnings.simplefilter("error")
        own.prec = 3
        before = state()
        assert in_process({"double": lambda x: 2 * x}).double(2) == 4
        assert state() == before
    assert state() == usual


def test_a_servant_alone_sets_back_before_each_request() -> None:
    """What one answer leaves on is gone at the next request; within a call, an answer has its own way."""
    space = {"leave_on": leave_on, "state": lambda: repr(state()), "quiet": quiet, "torch": torch}
    with warnings.catch_warnings():
        switches.set_back()  # the test run itself has warnings as errors
        before = repr(state())
        servant = Servant(space, alone=True)

        def ask(name: str) -> Any:
            return unpack(servant.handle(pack({"op": "call", "target": [name], "args": []})))["ok"]

        assert ask("state") == before
        ask("leave_on")
        assert ask("state") == before
        assert ask("quiet") is False
        assert ask("state") == before
        switches.set_back()


def quiet() -> bool:
    """Whether gradients are on within no_grad."""
    with torch.no_grad():
        return torch.is_grad_enabled()


def test_a_check_may_ask_torch_itself_what_an_answer_left_on() -> None:
    """Requests to a module of a library find gradients as the last answer left them."""
    servant = Servant({"torch": torch, "off": lambda: torch.set_grad_enabled(False) and None}, alone=True)

    def ask(**message: Any) -> Any:
        return unpack(servant.handle(pack({"args": [], **message})))["ok"]

    module = ask(op="get", target=["torch"])
    assert ask(op="call", target=[module, "is_grad_enabled"]) is True
    ask(op="call", target=["off"])
    assert ask(op="call", target=[module, "is_grad_enabled"]) is False
    ask(op="call", target=[module, "set_grad_enabled"], args=[True])
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("wrapped", [lambda made: torch.compile(made, backend="eager"), nn.DataParallel])
def test_what_torch_wraps_around_a_module_changes_no_name(wrapped: Any) -> None:
    """A compiled module has the parameters of the module inside, and takes and gives them under the same names."""
    student = in_process({"model": wrapped(Masked()), "made": lambda: wrapped(Masked())})
    for handle in (student.value("model"), student.made()):
        names = {"layer.weight", "layer.bias", "head.weight", "head.bias"}
        assert set(handle.parameters()) == names
        handle.load({name: torch.ones_like(value) for name, value in handle.parameters().items()})
        handle.method("load_state_dict", {"layer.bias": torch.full((3,), 2.0)}, False)
        assert handle.parameters()["layer.bias"].tolist() == [2.0, 2.0, 2.0]
        assert handle(torch.ones(3)).tolist() == [5.0, 1.0, 2.0]  # (3 + 2) * 1, then 0 + codes
