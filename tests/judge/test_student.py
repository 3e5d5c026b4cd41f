"""The proxy: what a check asks of it happens in the notebook, and copies come back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from autograder.errors import Feedback, ProtocolError
from autograder.guest.wire import Remote
from autograder.judge import Handle, Student, elementwise, in_process
from autograder.judge.student import NameMissing, NotData, StudentRaised

NOTEBOOK = """
import random

import numpy as np
import torch
from torch import nn

necessary = True
answers = {"s": {"a", "b"}, 1: (2, [3.0])}
weights = torch.arange(3.0)

def both(x, y, scale=1.0):
    return scale * (x + y), [x - y, None]

def clobber(x, items):
    x += 1
    items.append("more")
    return 0

def fails(kind):
    raise {"value": ValueError, "own": Own, "exit": SystemExit, "interrupt": KeyboardInterrupt}[kind](f"secret {kind}")

class Odd(Exception):
    pass

class Own(ValueError):
    pass

def odd():
    raise Odd("odd")

def product(a, n, b):
    return (a * b) ** n, a.sum(), a.detach()

def apply(f, x):
    return f(x)

def odd_value(kind):
    return {"huge": 10**200, "half a character": "\\ud800", "loop": loop}[kind]

loop = []
loop.append(loop)
loss = nn.MSELoss()

class Net(nn.Module):
    def __init__(self, width=2):
        super().__init__()
        self.first = nn.Linear(3, width)
        self.name = "net"

    def forward(self, x):
        return self.first(x)

    def twice(self, x, *, shift=0.0):
        return 2 * self(x) + shift

class Idle(Net):
    def __init__(self):
        super().__init__()
        self.idle = nn.Parameter(torch.ones(2))

def make():
    return {"nets": [Net(4), Net(5)], "count": 2}

def dice():
    return random.random(), np.random.rand()

def width_of(net):
    return net.first.out_features
"""


@pytest.fixture
def student() -> Student:
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(NOTEBOOK, space)
    return in_process(space)


def test_a_call_runs_there_and_brings_a_copy(student: Student) -> None:
    """Positional and keyword arguments go over; tuples, lists, None and tensors come back as such."""
    x = torch.tensor([1.0, 2.0], dtype=torch.float64)
    total, rest = student.both(x, torch.ones(2), scale=2.0)
    assert torch.equal(total, torch.tensor([4.0, 6.0], dtype=torch.float64))
    assert torch.equal(rest[0], torch.tensor([0.0, 1.0], dtype=torch.float64))
    assert rest[1] is None
    total, rest = student.both(np.array([1, 2]), 3)
    assert isinstance(total, np.ndarray)
    assert (total.tolist(), rest[0].tolist()) == ([4.0, 5.0], [-2, -1])


def test_what_comes_back_is_not_shared(student: Student) -> None:
    """Changing a result here changes nothing there."""
    student.value("weights").zero_()
    assert torch.equal(student.value("weights"), torch.arange(3.0))


def test_arguments_of_the_check_stay_its_own(student: Student) -> None:
    """Whatever the student writes into an argument, the check's own tensor keeps its values."""
    x = torch.zeros(2)
    student.clobber(x, [])
    assert torch.equal(x, torch.zeros(2))


def test_variables_are_read_as_data(student: Student) -> None:
    """Booleans, dictionaries with any keys, sets, tuples and tensors keep their types."""
    assert student.value("necessary") is True
    assert student.value("answers") == {"s": {"a", "b"}, 1: (2, [3.0])}


def test_an_entry_is_read_alone(student: Student) -> None:
    """What else a dictionary holds does not come along; what is not there, or no dictionary, is said."""
    assert student.entry("answers", "s") == {"a", "b"}
    with pytest.raises(Feedback, match=r'answers\["t"\] is missing'):
        student.entry("answers", "t")
    with pytest.raises(Feedback, match="necessary should be a dictionary"):
        student.entry("necessary", "s")
    with pytest.raises(NameMissing):
        student.entry("nothing", "s")


def test_a_missing_name_is_told_as_asked(student: Student) -> None:
    """A function or variable that is not there is NameMissing with the name that the check used."""
    with pytest.raises(NameMissing) as caught:
        student.bptt(1)
    assert caught.value.name == "bptt"
    with pytest.raises(NameMissing, match="theta"):
        student.value("theta")


def test_exceptions_are_reported_by_class(student: Student) -> None:
    """Exceptions come back with their class, even those that would end the process."""
    for kind, name in (("value", "ValueError"), ("exit", "SystemExit"), ("interrupt", "KeyboardInterrupt")):
        with pytest.raises(StudentRaised) as caught:
            student.fails(kind)
        assert (caught.value.what, caught.value.kind, caught.value.text) == ("fails", name, f"secret {kind}")


def test_messages_say_where_an_object_came_from(student: Student) -> None:
    """An object of the student's own class is called after what the check asked for; no name of theirs is shown."""
    net = student.Net(4)
    with pytest.raises(StudentRaised) as caught:
        net(torch.ones(7))
    assert caught.value.what == "Net(...)"
    with pytest.raises(StudentRaised, match=r"Net\(...\).nothing"):
        _ = net.nothing
    assert [handle.label for handle in student.make()["nets"]] == ["make(...)"] * 2
    assert student.value("loss").label == student.value("loss").remote.kind == "MSELoss"


def test_raised_gives_the_class_or_nothing(student: Student) -> None:
    """student.raised names Python's own class behind the exception of a call, and is empty when the call returns."""
    assert student.raised("fails", "value") == "ValueError"
    assert student.raised("odd") == "Exception"
    assert student.raised("fails", "own") == "ValueError"
    assert student.raised("both", 1.0, 2.0, scale=3.0) == ""
    with pytest.raises(NameMissing):
        student.raised("nowhere")


def test_with_inputs_sees_changes_in_place(student: Student) -> None:
    """The arguments come back as they are after the call."""
    result, (x, items) = student.with_inputs("clobber", torch.zeros(2), ["one"])
    assert result == 0
    assert torch.equal(x, torch.ones(2))
    assert items == ["one", "more"]
    net, given = student.Net(2), torch.ones(3)
    out, after = student.with_inputs(net, given)
    assert torch.equal(out, net(given))
    assert torch.equal(after[0], given)


def test_vjp_is_autograds(student: Student) -> None:
    """Outputs and the pullback of cotangents equal those of torch.autograd on the same function."""
    draw = torch.Generator().manual_seed(1)
    a, b, c = (torch.randn(4, generator=draw, dtype=torch.float64) for _ in range(3))
    outputs, grads = student.vjp("product", [a, 3, b], [c, torch.tensor(2.0, dtype=torch.float64), None])
    x, y = a.clone().requires_grad_(), b.clone().requires_grad_()
    wanted = torch.autograd.grad([(x * y) ** 3, x.sum()], [x, y], [c, torch.tensor(2.0, dtype=torch.float64)])
    assert torch.allclose(outputs[0].detach(), (a * b) ** 3)
    assert len(outputs) == 3
    assert all(torch.allclose(mine, ours) for mine, ours in zip(grads, wanted, strict=True))


def test_gradients_of_a_modules_parameters(student: Student) -> None:
    """By name, for each parameter that is trained; None for one that the outputs do not use."""
    net, x = student.Net(2), torch.tensor([1.0, -2.0, 3.0])
    found = net.parameter_gradients([x], [torch.tensor([1.0, 10.0])])
    assert torch.equal(found["first.weight"], torch.stack([x, 10 * x]))
    assert torch.equal(found["first.bias"], torch.tensor([1.0, 10.0]))
    assert student.Idle().parameter_gradients([x], [torch.ones(2)])["idle"] is None
    net.method("requires_grad_", False)
    with pytest.raises(StudentRaised):
        net.parameter_gradients([x], [torch.ones(2)])


def test_vjp_of_an_input_that_is_not_used(student: Student) -> None:
    """The gradient of an input without influence is None, not zero."""
    a, b = torch.ones(2), torch.ones(2)
    _, grads = student.vjp("product", [a, 2, b], [None, torch.tensor(1.0), None])
    assert torch.equal(grads[0], torch.ones(2))
    assert grads[1] is None


def test_vjp_through_a_handle(student: Student) -> None:
    """A module is differentiated like a function: the weights' product comes back."""
    net = student.Net(2)
    x = torch.ones(1, 3)
    _, (gradient,) = student.vjp(net, [x], [torch.ones(1, 2)])
    assert torch.allclose(gradient[0], net.parameters()["first.weight"].sum(0), atol=1e-6)


def test_vjp_of_a_detached_result_is_the_students_error(student: Student) -> None:
    """A result without a graph raises RuntimeError there, which is reported and not a bug of the check."""
    with pytest.raises(StudentRaised) as caught:
        student.vjp("product", [torch.ones(2), 2, torch.ones(2)], [None, None, torch.ones(2)])
    assert caught.value.kind == "RuntimeError"


def test_functions_are_sent_by_name(student: Student) -> None:
    """An elementwise function as argument is a callable on the other side."""
    f = elementwise("tanh", a=3.0, b=0.5)
    x = torch.tensor([0.3, -2.0], dtype=torch.float64)
    assert torch.allclose(student.apply(f, x), 3 * torch.tanh(0.5 * x))
    assert torch.allclose(student.apply(f.derivative(), x), 1.5 * (1 - torch.tanh(0.5 * x) ** 2))


def test_modules_come_as_handles(student: Student) -> None:
    """A module stays there; here is a handle that can be called, asked for attributes and methods."""
    net = student.Net(width=4)
    assert isinstance(net, Handle)
    assert net.remote.callable
    assert net(torch.zeros(2, 3)).shape == (2, 4)
    assert net.name == "net"
    assert net.first.out_features == 4
    assert torch.allclose(net.method("twice", torch.zeros(1, 3), shift=1.0), 2 * net.first.bias[None] + 1.0)
    assert net.first(torch.zeros(1, 3)).shape == (1, 4)


def test_parameters_and_load(student: Student) -> None:
    """Parameters are read by name; loaded weights are the ones that the module then uses."""
    net = student.Net(2)
    parameters = net.parameters()
    assert {name: tuple(p.shape) for name, p in parameters.items()} == {"first.weight": (2, 3), "first.bias": (2,)}
    net.load({"first.weight": torch.ones(2, 3), "first.bias": np.array([10.0, 20.0], dtype=np.float32)})
    assert torch.equal(net(torch.ones(1, 3)), torch.tensor([[13.0, 23.0]]))
    with pytest.raises(StudentRaised, match="RuntimeError"):
        net.load({"other": torch.ones(1)})


def test_parameters_of_what_is_no_module(student: Student) -> None:
    """Asking a function for parameters is an error of the student's object."""
    with pytest.raises(StudentRaised) as caught:
        student.value("both").parameters()
    assert caught.value.kind == "AttributeError"


def test_handles_inside_containers_and_as_arguments(student: Student) -> None:
    """Handles work inside dictionaries and lists, and stand for their objects when sent back."""
    made = student.make()
    assert made["count"] == 2
    assert [student.width_of(net) for net in made["nets"]] == [4, 5]
    assert student.apply(made["nets"][0], torch.zeros(1, 3)).shape == (1, 4)


def test_a_missing_attribute_is_the_students_error(student: Student) -> None:
    """An attribute that is not there raises AttributeError on the student's side, told by origin and attribute."""
    with pytest.raises(StudentRaised) as caught:
        _ = student.Net(2).classifier
    assert caught.value.kind == "AttributeError"
    assert caught.value.what == "Net(...).classifier"


def test_what_is_no_data_is_not_data(student: Student) -> None:
    """Numbers and text that cannot cross are NotData, which is a failure and no crash."""
    for kind in ("huge", "half a character"):
        with pytest.raises(NotData):
            student.odd_value(kind)


def test_a_list_that_holds_itself_is_refused(student: Student) -> None:
    """Nesting without end ends in one of the errors that count as the student's."""
    with pytest.raises((NotData, ProtocolError)):
        student.odd_value("loop")


def test_seed_fixes_the_students_generators(student: Student) -> None:
    """student.seed makes the draws of torch, numpy and Python over there repeatable."""
    seen = []
    for _ in range(2):
        student.seed(11)
        seen.append((student.Net(2).parameters()["first.weight"].tolist(), student.dice()))
    assert seen[0] == seen[1]


def test_private_names_are_not_functions(student: Student) -> None:
    """Names with an underscore are Python's own protocol: they never become calls."""
    with pytest.raises(AttributeError):
        _ = student._repr_html_
    with pytest.raises(AttributeError):
        _ = student.Net(2).__len__


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"ok": 1, "more": 2},
        {"raised": "ValueError"},
        {"who": 1},
        {"raised": ["type", "text"]},
        {1: 2},
    ],
)
def test_a_reply_of_another_form_is_a_protocol_error(reply: dict[Any, Any]) -> None:
    """Only the four replies that exist are read; the rest is ProtocolError."""

    class Port:
        def request(self, message: dict[str, Any]) -> dict[Any, Any]:
            return reply

    with pytest.raises(ProtocolError):
        Student(Port()).f(1)


@pytest.mark.parametrize(
    "reply",
    [{"ok": 1}, {"ok": (1,)}, {"ok": (1, 2)}, {"ok": [1, 2, 3]}, {"ok": ([1], None)}, {"ok": {"w": 1}}, {"ok": None}],
)
def test_a_reply_without_its_parts_is_a_protocol_error(reply: dict[str, Any]) -> None:
    """A forged reply to with_inputs, vjp or parameters cannot make a check trip over its form."""

    class Port:
        def request(self, message: dict[str, Any]) -> dict[str, Any]:
            return reply

    student = Student(Port())
    with pytest.raises(ProtocolError):
        student.with_inputs("f", 1)
    with pytest.raises(ProtocolError):
        student.vjp("f", [], [])
    with pytest.raises(ProtocolError):
        Handle(student, Remote(1, "Net", True)).parameters()
    with pytest.raises(ProtocolError):
        Handle(student, Remote(1, "Net", True)).parameter_gradients([], [])


@pytest.mark.parametrize("gradients", [[], [None, None], [1.0], [[1.0, 2.0]]])
def test_a_forged_vjp_has_one_gradient_per_input(gradients: list[Any]) -> None:
    """Too few gradients, too many, or ones that are no tensors are a ProtocolError."""

    class Port:
        def request(self, message: dict[str, Any]) -> dict[str, Any]:
            return {"ok": ([torch.ones(2)], gradients)}

    with pytest.raises(ProtocolError):
        Student(Port()).vjp("f", [torch.ones(2), 3], [torch.ones(2)])
