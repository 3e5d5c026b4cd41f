"""Hidden checks of the full run: its log, its model on text that nobody has seen, and its perplexities."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from seq2kit import corpus

from autograder.errors import Feedback
from autograder.judge import Draw, Handle, Student, beside, calibrated, check, expect
from autograder.judge.student import NameMissing, NotData, StudentRaised

ref, shared, watching = (beside(__file__, name) for name in ("reference.py", "shared.py", "watching.py"))
_MISSING = (
    "train it (run this very notebook once on your own machine), and hand in the folder checkpoints/ with it; "
    "weights of an older version of your GPT may not fit the new one"
)


def _model(student: Student) -> Handle:
    model = student.value("best_model")
    if not isinstance(model, Handle):
        raise Feedback("There is no trained model: best_model is empty.", _MISSING)
    return model


def _log(student: Student) -> list[list[float]]:
    log = student.value("loss_log")
    if log is None or (isinstance(log, (list, tuple)) and not log):
        raise Feedback("There is no loss log.", _MISSING)
    return list(shared.rows(log, "loss_log"))


def _curve(student: Student) -> list[list[float]]:
    curve = student.value("ppl_log")
    if curve is None:
        raise Feedback("There is no log of perplexities.", _MISSING)
    return list(shared.rows(curve, "ppl_log"))


def _by_weights(model: Handle, windows: Any) -> float | None:
    """The loss of our own GPT with the student's weights; None when they do not fit its plan."""
    weights = {name: tensor.detach().float() for name, tensor in model.parameters().items()}
    logits = ref.gpt(weights, windows[:, :-1])
    if logits is None or logits.shape != (*windows[:, 1:].shape, ref.CONFIG["vocab"]):
        return None
    return float(ref.next_token_loss(logits, windows))


def _by_prefixes(model: Handle, windows: Any) -> float | None:
    """The loss of the student's own model, asked only for the token after each prefix, so that it cannot see ahead.

    For a student whose GPT differs from the plan: that costs its own item. None when it gives no logits."""
    total = 0.0
    for length in range(1, windows.shape[1]):
        got = model(windows[:, :length])
        if not isinstance(got, torch.Tensor) or got.shape != (len(windows), length, ref.CONFIG["vocab"]):
            return None
        chosen = torch.log_softmax(got[:, -1].detach().double(), -1).gather(1, windows[:, length : length + 1])
        total -= float(chosen.mean())
    return total / (windows.shape[1] - 1)


def _is_empty_inside(model: Handle, windows: Any) -> bool:
    """Whether the model's logits come from its weights: with all weights zero, they say nothing."""
    kept = model.parameters()
    model.method("load_state_dict", {name: torch.zeros_like(tensor) for name, tensor in kept.items()}, False)
    got = model(windows[:4, :9])
    model.method("load_state_dict", kept, False)
    return isinstance(got, torch.Tensor) and _says_nothing(got.detach())


def _says_nothing(logits: torch.Tensor) -> bool:
    return bool(torch.isfinite(logits).all()) and float(logits.std(-1).max()) < 1e-6


def _gap(student: Student, windows: Any) -> float:
    """Nats per token above the best possible predictor on these windows: by the weights of the handed-in model, or, if
    that is much, by its own code, which may differ from the plan."""
    model = _model(student)
    best = ref.best_loss(windows)
    loss = _by_weights(model, windows)
    if loss is not None and loss - best < 0.02:
        return loss - best
    own = None
    if _is_empty_inside(model, windows):
        few = windows[:64]
        own = _by_prefixes(model, few)
        own = None if own is None or not math.isfinite(own) else own - ref.best_loss(few)
    gaps = [gap for gap in (None if loss is None else loss - best, own) if gap is not None]
    if not gaps:
        raise Feedback("best_model gives no logits for its vocabulary.", "GPT(**CONFIG) with the weights of the run")
    return min(gaps)


# --- s000-5.1.9c -----------------------------------------------------------


@check(item="s000-5.1.9c", points=3)
def the_model_is_close_to_the_best_possible(student: Student, draw: Draw) -> None:
    """On fresh text the model's loss is as close to the best possible as that of retrained references."""
    gap = _gap(student, ref.hidden_windows(draw.seed))
    bar = calibrated(__file__, "gap").threshold
    expect.true(
        gap <= bar,
        f"On unseen text the model is {gap:.2f} nats per word above the best possible predictor.",
        f"up to {bar:.3f} is what this recipe reaches; are these the best weights, of the full run?",
        f"gap {gap}",
    )


@check(item="s000-5.1.9c", points=2)
def the_model_is_the_best_of_its_log(student: Student, draw: Draw) -> None:
    """Reloaded, on the notebook's windows, the model has the lowest validation loss of the log; in evaluation mode."""
    lowest = min(row[2] for row in _log(student))
    model, windows = _model(student), ref.validation_windows()
    found = [_by_weights(model, windows)]
    if found[0] is None or abs(found[0] - lowest) > 3e-4 * lowest:
        found.append(_by_own_code(model, windows))
    expect.true(
        any(loss is not None and abs(loss - lowest) <= 3e-4 * lowest for loss in found),
        "The model does not have the lowest validation loss of the log.",
        "save the best weights, not the last, and load them into the model that you return",
        f"model {found}, log {lowest}",
    )
    expect.true(model.training is False, "The model that you return is not in evaluation mode.", "call eval() on it")


def _by_own_code(model: Handle, windows: Any, vocab: int = 70) -> float | None:
    got = model(windows[:, :-1])
    if not isinstance(got, torch.Tensor) or got.shape != (*windows[:, 1:].shape, vocab):
        return None
    return float(ref.next_token_loss(got.detach(), windows))


@check(item="s000-5.1.9c")
def the_loss_log_is_a_whole_curve(student: Student, draw: Draw) -> None:
    """At least five rows with growing steps from 0 on, all finite, ending well below the start."""
    log = _log(student)
    steps = [row[0] for row in log]
    expect.true(len(log) >= 5, f"The log has {len(log)} rows; a curve needs five at least.")
    expect.true(steps[0] == 0 and steps == sorted(set(steps)), "Steps should begin with 0 and grow.")
    first, last = log[0], log[-1]
    expect.true(
        last[2] < 0.6 * first[2] and last[1] < 0.6 * first[1],
        "The losses do not fall to 0.6 of their start.",
        "is this the log of the whole run?",
    )


@check(item="s000-5.1.9c")
def the_log_starts_at_the_logarithm_of_v(student: Student, draw: Draw) -> None:
    """Before training both losses are close to ln V, in nats, and close to each other."""
    first = _log(student)[0]
    expect.true(
        all(-0.02 < loss - math.log(ref.CONFIG["vocab"]) < 0.1 for loss in first[1:]),
        "The first losses are not close to ln V.",
        "row 0 comes from before training; losses are in nats per token",
        f"{first}",
    )
    expect.true(abs(first[1] - first[2]) < 0.05, "Before training both losses should agree.")


@check(item="s000-5.1.9c")
def no_loss_lies_below_the_floor(student: Student, draw: Draw) -> None:
    """No validation loss beats the best possible predictor on the same windows: below it, the future was seen."""
    floor = ref.best_loss(ref.validation_windows()) - 0.01  # a good model may be lucky on one text
    lowest = min(row[2] for row in _log(student))
    expect.true(
        lowest > floor,
        "A validation loss lies below what is possible on this text.",
        "are losses in nats per token, and can the model see its targets?",
        f"{lowest} against {floor}",
    )
    expect.true(lowest < 2.0, "The validation loss never falls below 2 nats, which counting word pairs achieves.")


@check(item="s000-5.1.9c")
def training_and_validation_are_two_texts(student: Student, draw: Draw) -> None:
    """Training and validation losses are close to each other, but not the same numbers."""
    log = np.array(_log(student))
    expect.true(
        bool((log[:, 1] != log[:, 2]).any()),
        "Training and validation losses are the same numbers.",
        "validation is measured on text.validation",
    )
    expect.true(
        bool((abs(log[:, 1] - log[:, 2]) < 0.3).all()),
        "Training and validation losses are far apart.",
        "with 300,000 words this model cannot learn its text by heart: what was measured on what?",
    )


_TINY = {"context": 6, "d": 8, "layers": 1, "heads": 2}
_SHORT = {"steps": 24, "batch": 4, "rate": 0.03, "every": 8}


@check(item="s000-5.1.9c")
def trained_does_what_its_arguments_say(student: Student, draw: Draw) -> None:
    """trained works for any name, size, recipe, text and seed: it trains what is not there, saves it, and loads it."""
    shared.written(student, "trained", None, None, None, None)
    watching.on_its_own(student, "GPT", "train")
    text = _little_text(student, draw)
    config = {"vocab": text.size, **_TINY}
    steps = _steps_of_train(student, config, text)
    if steps is None:  # the GPT or the loop fails by itself, which is charged there
        return
    with _own_folder(student) as (call, saved):
        model, log = _result(call("one", config, _SHORT, text, 1))
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
        lowest, found = min(row[2] for row in log), [_by_own_code(model, windows, int(config["vocab"]))]
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
        again, kept = _result(call("one", config, _SHORT, text, 1, train=False))
        expect.true(
            again.training is False and _alike(model, again) and len(kept) == len(log) and np.allclose(kept, log),
            "What was trained is not what is loaded under the same name.",
            "save the best weights and the log under `name`, and load both",
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
    return shared.module(watching.imported(student, "seq2kit.corpus").method("from_text", source), "the text")


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


# --- s000-5.1.9b -----------------------------------------------------------


@check(item="s000-5.1.9b", points=2)
def each_loss_becomes_its_perplexity(student: Student, draw: Draw) -> None:
    """perplexity_log keeps steps and order of columns and takes exp of both losses, row by row."""
    log = [(k * 7, draw.uniform(0.5, 4.0), draw.uniform(4.5, 6.0)) for k in range(4)]
    got = shared.rows(student.perplexity_log(log), "perplexity_log(log)")
    want = [[step, math.exp(a), math.exp(b)] for step, a, b in log]
    expect.close(
        got,
        want,
        what="perplexity_log(log)",
        rtol=1e-6,
        hint="(step, training, validation); exp, since losses are in nats; steps as they are",
    )


@check(item="s000-5.1.9b")
def perplexities_leave_the_log_alone(student: Student, draw: Draw) -> None:
    """The losses stay as they are, also when rows are lists, and every row of the log is kept."""
    log = [[k, draw.uniform(0.5, 4.0), draw.uniform(0.5, 4.0)] for k in (0, 5, 10, 12, 13, 40)]
    got, after = student.with_inputs("perplexity_log", log)
    expect.unharmed([log], after, what="the log of losses")
    rows = shared.rows(got, "perplexity_log(log)")
    expect.true(
        [row[0] for row in rows] == [row[0] for row in log], "Rows or steps are missing.", "one row for each row"
    )
    columns = [[row[k] for row in rows] for k in (1, 2)]
    expect.true(columns[0] != columns[1], "Both columns hold the same numbers.")


@check(item="s000-5.1.9b", points=2)
def the_perplexity_curve_belongs_to_the_run(student: Student, draw: Draw) -> None:
    """ppl_log is exp of the notebook's own loss_log, row by row, and its best row is what the model reaches."""
    losses = _log(student)
    curve = _curve(student)
    expect.true(len(curve) == len(losses), "ppl_log and loss_log have different numbers of rows.")
    want = [[row[0], math.exp(row[1]), math.exp(row[2])] for row in losses]
    expect.close(curve, want, what="ppl_log", rtol=1e-4, hint="made from loss_log by perplexity_log")
    again = _by_weights(_model(student), ref.validation_windows())
    best = min(row[2] for row in curve)
    if again is not None and again < 2.0:
        expect.true(
            abs(math.log(best) - again) < 0.05,
            "The best perplexity is not the one that the model has.",
            "the validation column is exp of the validation losses",
            f"{best} against {again}",
        )


@check(item="s000-5.1.9b")
def the_perplexity_curve_falls_from_v(student: Student, draw: Draw) -> None:
    """It starts within a tenth of V, and ends below 0.3 of that and below what word frequencies alone achieve."""
    curve = _curve(student)
    expect.true(len(curve) >= 5, "A curve needs five points at least.")
    vocab = ref.CONFIG["vocab"]
    expect.true(
        abs(curve[0][2] / vocab - 1) < 0.1,
        "The perplexity does not start near V.",
        "an untrained model is as unsure as if all words were equally likely",
    )
    expect.true(all(value > 1 for row in curve for value in row[1:]), "A perplexity is never below 1.")
    end = curve[-1][2]
    unigram = math.exp(ref.toy_english().unigram_loss)
    expect.true(end < 0.3 * curve[0][2] and end < unigram, "The perplexity does not end far below its start.")
