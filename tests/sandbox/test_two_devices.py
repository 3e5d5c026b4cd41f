"""Right work that computes elsewhere than on the CPU is right: inputs go there, and what it answers comes home.

The second device is one that torch lets us write in Python (tests/far.py, from 2.10 on): no GPU is needed, and tensors
of two devices meet no more than on one that has a GPU."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch.utils import backend_registration

from autograder.judge.student import StudentRaised
from autograder.sandbox.client import Zygote
from autograder.sandbox.session import Session
from tests.support import ran, statuses, student

# Where torch cannot do this, there is no second device to try it on.
DEVICES = ["far"] if hasattr(backend_registration, "_setup_privateuseone_for_python_backend") else []
CELLS = """
import torch, {device}
torch.manual_seed(1)
device = torch.device("{device}")
weights = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).to(device)
calls = []

class Layer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(2, 2).to(device)
    def forward(self, x):
        return self.linear(x)

layer = Layer()
class Holder:
    def __init__(self): self.scale = torch.full((2,), 2.0, device=device)
    def __call__(self, x): return x * self.scale
holder = Holder()

def moves(x): return (x.to(device) @ weights)
def stays(x): return x @ torch.tensor([[1.0, 2.0], [3.0, 4.0]])
def expects(x):
    calls.append(1)
    x += 1
    return (x - 1) @ weights
def applies(model, x): return model(x)
def noisy(x): return torch.rand(2) + (x @ weights).cpu() * 0
def reads(x): return layer(x).detach().to("cpu").numpy() * 0 + x.numpy()
def never(x): return weights @ torch.ones(2, 2)
def first(x): return x * 2
def second(x): return first(x @ weights)
def count(): return len(calls)
"""
X = torch.tensor([[1.0, -2.0], [0.5, 3.0]])
PRODUCT = X @ torch.tensor([[1.0, 2.0], [3.0, 4.0]])


@pytest.fixture(scope="module", params=DEVICES)
def session(request: pytest.FixtureRequest, warm_backend: Zygote) -> Iterator[Session]:
    """A notebook with everything on the other device."""
    files = {"far.py": Path(__file__).parents[1].joinpath("far.py").read_bytes()}
    with ran(warm_backend, CELLS.format(device=request.param), files=files) as found:
        assert statuses(found) == ["ok"], found.execution.cells
        yield found


@pytest.mark.parametrize("name", ["moves", "stays", "expects"])
def test_a_function_computes_where_it_likes(session: Session, name: str) -> None:
    """It moves its inputs, leaves them, or expects them to lie where its constants are."""
    with student(session) as one:
        for _ in range(2):
            assert torch.equal(getattr(one, name)(X), PRODUCT)


def test_what_was_learned_about_a_function_holds(session: Session) -> None:
    """It is called once too often only once, with inputs that the first call has not touched."""
    with student(session) as one:
        for _ in range(3):
            assert torch.equal(one.expects(X), PRODUCT)
        assert one.count() == 4


def test_inputs_follow_a_module(session: Session) -> None:
    """One that was made in a variable, one that is an argument, and any object that holds a tensor."""
    with student(session) as one:
        made = one.Layer()
        weights = {"linear.weight": torch.eye(2), "linear.bias": torch.zeros(2)}
        made.load(weights)
        assert torch.equal(made(X).detach(), X)
        assert torch.equal(one.applies(made, X).detach(), X)
        assert torch.equal(one.holder(X), 2 * X)
        assert {name: tuple(p.shape) for name, p in made.parameters().items()} == {
            "linear.weight": (2, 2), "linear.bias": (2,),
        }  # fmt: skip


def test_gradients_come_home(session: Session) -> None:
    """Of a module, with respect to inputs and to parameters; of a function that expects its inputs elsewhere."""
    with student(session) as one:
        made = one.Layer()
        made.load({"linear.weight": 2 * torch.eye(2), "linear.bias": torch.zeros(2)})
        (out,), (into,) = one.vjp(made, [X], [torch.ones(2, 2)])
        assert torch.equal(out.detach(), 2 * X)
        assert torch.equal(into, 2 * torch.ones(2, 2))
        grads = made.parameter_gradients([X], [torch.ones(2, 2)])
        assert torch.equal(grads["linear.bias"], torch.tensor([2.0, 2.0]))
        (_,), (into,) = one.vjp("second", [X], [torch.ones(2, 2)])
        assert torch.equal(into, torch.tensor([[6.0, 14.0], [6.0, 14.0]]))


def test_a_second_call_draws_the_same_numbers(session: Session) -> None:
    """A function that drew before it met two devices begins again where it began."""
    with student(session) as one:
        one.seed(3)
        noise = one.noisy(X[0])
        torch.manual_seed(3)
        assert torch.equal(noise, torch.rand(2))


def test_what_mixes_devices_by_itself_is_wrong(session: Session) -> None:
    """Wherever its inputs lie. The student hears what torch says of that."""
    with student(session) as one:
        for name in ("never", "reads"):
            with pytest.raises(StudentRaised):
                getattr(one, name)(X)


def test_a_reference_answers_where_it_was_asked(session: Session) -> None:
    """An earlier function that was replaced by the reference gives tensors that lie where its arguments lay."""
    from autograder.judge import Student
    from autograder.judge.ports import SocketPort

    with session.channel(15) as channel:
        one = Student(SocketPort(channel, 15, {"first": lambda x: x * 3}))
        one.replace(["first"])
        assert torch.equal(one.second(X), 3 * PRODUCT)
