"""What the check files of this assignment share: building modules with drawn weights, and reading what comes back."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.judge import Draw, Feedback, Handle, Student, StudentRaised, expect, properties

ROUGH = properties.ROUGH


def build(student: Student, name: str, *args: Any, seed: int = 1, **kwargs: Any) -> Handle:
    """A module of the student's, in float64, from a fixed state of the generators."""
    student.seed(seed)
    made = getattr(student, name)(*args, **kwargs)
    return module(made, f"{name}(...)").turned("double")


def module(value: Any, what: str) -> Handle:
    """`value`, if it is an object of the student's; Feedback otherwise."""
    if what.endswith("(...)") and not isinstance(value, Handle):
        raise Feedback(f"{what} should be an nn.Module.", "does the class derive from nn.Module?")
    return expect.handle(value, what=what)


def written(student: Student, name: str, *args: Any, **kwargs: Any) -> None:
    """Stop here when the answer is still the empty one that was handed out: nothing has been shown by then, and so
    nobody looks for the mistake that it resembles. The arguments are of no use; they only have to be as many."""
    if student.raised(name, *args, **kwargs) == "NotImplementedError":
        raise Feedback(f"`{name}` is not written yet.")


def begun(student: Student, name: str, **kwargs: Any) -> None:
    """The same for the functions that take a model: tried on a table of zeros, and a few words."""
    model, words = table(student, torch.zeros(2, 2, dtype=torch.float64)), torch.tensor([[0, 1, 1], [1, 0, 1]])
    calls: dict[str, tuple[Any, ...]] = {
        "lm_forward": (model, words),
        "train_step": (model, model, words),  # no optimiser, but an object: the answer may stop there
        "evaluate": (model, [words]),
        "train": (model, words[0], words),
        "generate": (model, words, 1, 1),
    }
    written(student, name, *calls[name], **kwargs)


def torch_part(student: Student, *path: str) -> Handle:
    """A module of PyTorch in the student's process, such as ("nn",) or ("optim",)."""
    handle = student.tool("torch")
    for step in path:
        handle = module(getattr(handle, step), "torch")
    return handle


def table(student: Student, weight: Tensor, *, dropout: float = 0.0) -> Handle:
    """A bigram model in the student's process: row i holds the logits of the token after i; with dropout on top."""
    nn = torch_part(student, "nn")
    student.seed(1)
    made = nn.made("Embedding", *weight.shape).turned("double")
    made.load({"weight": weight})
    return nn.made("Sequential", made, nn.made("Dropout", dropout)) if dropout else made


def weight_of(handle: Handle) -> Tensor:
    """The weight of a bigram model."""
    found: Tensor = expect.mapping(handle.parameters(), ["weight"], what="the parameters of a table")["weight"]
    return found.detach().clone()


def fill(handle: Handle, draw: Draw, scale: float = 0.5) -> dict[str, Tensor]:
    """Put drawn weights into all parameters of a module (norms near 1), and return them."""
    drawn: dict[str, Tensor] = {}
    for name, old in sorted(handle.parameters().items()):
        near_one = name.endswith("weight") and old.ndim == 1
        drawn[name] = draw.tensor(*old.shape, scale=0.2 if near_one else scale) + (1.0 if near_one else 0.0)
    handle.method("load_state_dict", drawn, False)
    return drawn


def layers(handle: Handle, shapes: dict[str, tuple[int, ...]], what: str) -> None:
    """The parameters have the names and shapes of the docstring."""
    found = handle.parameters()
    for name, shape in shapes.items():
        expect.true(name in found, f"{what} has no parameter {name}.", "use the names of the docstring for its parts")
        expect.shape(found[name], shape, what=f"{name} of {what}")


def alive(got: Any, shape: tuple[int, ...], *, what: str) -> Any:
    """The result as float64 numbers of this shape; a constant proves nothing, so it raises Feedback."""
    numbers = expect.array(got, what=what)
    expect.shape(numbers, shape, what=what)
    expect.finite(numbers, what=what, nan="scores that overflow, or a row in which nothing is allowed")
    expect.numbers(numbers, what=what)
    expect.true(bool(numbers.max() > numbers.min()), f"{what} holds one and the same number everywhere.")
    return numbers


def pair(value: Any, what: str) -> tuple[Any, Any]:
    """Two results; Feedback for anything else."""
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise Feedback(f"{what} should return two things.", "see the docstring for what comes back, and in which order")
    return value[0], value[1]


def unharming(student: Student, layer: Handle, x: Tensor, *, what: str) -> Any:
    """layer(x); Feedback when x is another after the call."""
    got, after = student.with_inputs(layer, x.clone())
    expect.unharmed([x], after, what=f"the argument of {what}")
    return got


def rows(value: Any, what: str) -> list[list[float]]:
    """A log as rows of three finite numbers."""
    if isinstance(value, (list, tuple)) and not value:
        raise Feedback(f"{what} is empty.", "is there a trained model? hand in the folder checkpoints/ too")
    numbers = expect.array(value, what=what)
    wide = numbers.ndim == 2 and numbers.shape[1] == 3 and len(numbers) > 0
    expect.true(wide, f"{what} should hold rows of three numbers.")
    expect.modest(len(numbers), 10_000, what=what)
    expect.finite(numbers, what=what)
    result: list[list[float]] = numbers.tolist()
    return result


def windows(draw: Draw, count: int, length: int, vocab: int) -> Tensor:
    """(count, length + 1) generic token numbers."""
    return torch.tensor([[draw.integer(0, vocab - 1) for _ in range(length + 1)] for _ in range(count)])


def raised_by(layer: Handle, *args: Any) -> str:
    """The class of what the call raises, or ""."""
    try:
        layer(*args)
    except StudentRaised as error:
        return error.kind
    return ""
