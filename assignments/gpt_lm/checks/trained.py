"""Hidden checks of the function that runs the training: that it does what its arguments say."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from seq2kit.language import corpus

from autograder.judge import Draw, Feedback, Handle, NameMissing, NotData, Student, StudentRaised, check, expect

from . import shared, watching
from .run import loss_by_own_code

_TINY = {"context": 6, "d": 8, "layers": 1, "heads": 2}
_SHORT = {"steps": 24, "batch": 4, "rate": 0.03, "every": 8}
_SEED = 9  # more than the context: one taken for the other shows


@check(item="s000-5.1.9c")
def trained_does_what_its_arguments_say(student: Student, draw: Draw) -> None:
    """trained works for any name, size, recipe, text and seed: it trains what is not there, saves it, and loads it."""
    shared.written(student, "trained", "one", {"context": 1}, {"steps": 1}, _little_text(student, draw))
    watching.on_its_own(student, "GPT", "train")
    text = _little_text(student, draw)
    config = {"vocab": text.size, **_TINY}
    steps = _steps_of_train(student, config, text)
    if steps is None:  # nothing could be seen, and that is no pass
        raise Feedback(
            "`trained` cannot be tried: GPT(**config), or `train` with it, does not run by itself.",
            "first make both run on a small model and a small text",
        )
    with _own_folder(student) as (call, saved):
        model, log = _result(call("one", config, _SHORT, text, _SEED))
        shapes = {name: tuple(tensor.shape) for name, tensor in model.parameters().items()}
        expect.true(
            shapes.get("embedding.weight", (text.size, 8)) == (text.size, 8),
            "The model does not have the size that config asks for.",
            "GPT(**config), not CONFIG",
        )
        expect.true(
            [row[0] for row in log] == steps,
            "The log does not follow the recipe that was passed.",
            "recipe, not RECIPE",
        )
        windows = corpus.windows(torch.as_tensor(text.validation), _TINY["context"])
        expect.true(min(row[2] for row in log) > 0, "A validation loss in the log of trained is not positive.")
        lowest, found = min(row[2] for row in log), [loss_by_own_code(model, windows, int(config["vocab"]))]
        with contextlib.suppress(Feedback, NameMissing, StudentRaised, NotData):  # another measure costs its own item
            found.append(expect.number(student.evaluate(model, [windows]), what="it"))
        expect.true(
            any(loss is not None and abs(loss - lowest) <= 1e-3 * lowest for loss in found),
            "The model does not have the lowest validation loss of its log.",
            'it is measured on corpus.windows(text.validation, config["context"])',
            f"model {found}, log {lowest}",
        )
        expect.true(
            model.training is False, "The model that you return is not in evaluation mode.", "call eval() on it"
        )
        expect.true(saved("one"), "Nothing is saved under the name that was passed.", "checkpoints.save(name, ...)")
        again, kept = _result(call("one", config, _SHORT, text, _SEED, train=False))
        expect.true(
            again.training is False and _alike(model, again) and len(kept) == len(log) and np.allclose(kept, log),
            "What was trained is not what is loaded under the same name.",
            "save the best weights and the log under `name`, and load both",
        )
        expect.true(
            _alike(model, _result(call("one", config, _SHORT, text, _SEED + 1))[0]),
            "What is there already under the name is trained once more.",
            "train only where nothing is saved yet",
        )
        _seeds(student, call, config, text)
        missing = "nothing is trained while a notebook is graded: if not checkpoints.may_train(), call checkpoints.load"
        try:
            call("none", config, _SHORT, text, 1, train=False)
        except StudentRaised:
            return
        raise Feedback("Without a checkpoint, trained returns a model where nothing may be trained.", missing)


def _seeds(student: Student, call: Callable[..., Any], config: dict[str, int], text: Handle) -> None:
    """At a rate of next to nothing, a model stays what it was when it was built."""
    still, made = {**_SHORT, "steps": 4, "every": 4, "rate": 1e-12}, []
    for name, seed, elsewhere in (("two", 1, 11), ("three", 1, 12), ("four", 2, 11)):
        student.seed(elsewhere)
        made.append(_result(call(name, config, still, text, seed))[0])
    expect.true(
        _alike(made[0], made[1]) and not _alike(made[0], made[2]),
        "The seed does not decide which model is built.",
        "torch.manual_seed(seed) right before GPT(**config)",
    )


def _little_text(student: Student, draw: Draw) -> Handle:
    """A corpus of a few letters, in the student's process."""
    letters = "abcdefghijk"[: draw.integer(7, 10)] + "\n"
    pattern = (letters[draw.integer(0, 2) * k % len(letters)] for k in range(517 - len(letters)))
    # of 520 letters 52 are for validation; windows of another length would not leave out the strangers at the end
    source = letters + "".join(pattern) + "zzz"
    return shared.module(watching.imported(student, "seq2kit.language.corpus").method("from_text", source), "the text")


def _steps_of_train(student: Student, config: dict[str, int], text: Handle) -> list[float] | None:
    """The steps in the log of the student's own `train` for this run; None when that does not work."""
    length = config["context"]
    windows = corpus.windows(torch.as_tensor(text.validation), length)
    try:
        model = student.GPT(**config)
        log = shared.pair(student.train(model, text.train, windows, length=length, seed=1, **_SHORT), "train")[0]
        return [row[0] for row in shared.rows(log, "the log")]
    except (Feedback, NameMissing, StudentRaised, NotData):
        return None


@contextlib.contextmanager
def _own_folder(student: Student) -> Iterator[tuple[Callable[..., Any], Callable[[str], bool]]]:
    """Calls of `trained` that save to a folder of their own and may train there, and whether a model is in it."""

    def call(*args: Any, train: bool = True) -> Any:
        with watching.environment(student, SEQ2GRADE_GRADING="train" if train else "load"):
            return student.trained(*args)

    def saved(name: str) -> bool:
        return bool(watching.imported(student, "seq2kit.checkpoints").method("exists", name))

    with watching.folder(student, "SEQ2GRADE_HANDIN"):
        yield call, saved


def _result(value: Any) -> tuple[Handle, list[list[float]]]:
    model, log = shared.pair(value, "trained")
    return shared.module(model, "the model of trained"), shared.rows(log, "the log of trained")


def _alike(a: Handle, b: Handle) -> bool:
    """Whether two models have the same weights, but for what a rate of 1e-12 may do."""
    left, right = a.parameters(), b.parameters()
    return left.keys() == right.keys() and all(
        left[name].shape == right[name].shape and bool(torch.allclose(left[name], right[name], atol=1e-6))
        for name in left
    )
