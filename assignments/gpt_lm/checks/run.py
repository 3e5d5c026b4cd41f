"""Hidden checks of the full run: its log, its model on text that nobody has seen, and its perplexities."""

from __future__ import annotations

import contextlib
import hashlib
import math
from typing import Any

import numpy as np
import torch
from seq2kit.language.toy_english import toy_english

from autograder.judge import (
    Draw,
    Feedback,
    Handle,
    NameMissing,
    NotData,
    Student,
    StudentRaised,
    calibrated,
    check,
    expect,
    pictures,
)

from . import reference as ref
from . import shared

MISSING = (
    "train it (run this very notebook once on your own machine), and hand in the folder checkpoints/ with it; "
    "weights of an older version of your GPT may not fit the new one"
)


def trained_model(student: Student) -> Handle:
    model = student.value("best_model")
    if not isinstance(model, Handle):
        raise Feedback("There is no trained model: best_model is empty.", MISSING)
    model.method("eval")  # a later cell may have left it in train mode; `trained` is held to eval mode elsewhere
    return model


LEARNED = 2.5  # nats per word; counting words alone has 3.5 here, counting pairs 1.9
TRAINING = 25.0  # CPU seconds of the run


def _log(student: Student) -> list[list[float]]:
    log = student.value("loss_log")
    if log is None or (isinstance(log, (list, tuple)) and not log):
        raise Feedback("There is no loss log.", MISSING)
    return list(shared.rows(log, "loss_log"))


def _curve(student: Student) -> list[list[float]]:
    curve = student.value("ppl_log")
    if curve is None:
        raise Feedback("There is no log of perplexities.", MISSING)
    return list(shared.rows(curve, "ppl_log"))


def plain(weights: dict[str, Any]) -> dict[str, Any]:
    """Without what a wrapper (torch.compile, DataParallel) adds to the names."""
    return {name.replace("_orig_mod.", "").removeprefix("module."): value for name, value in weights.items()}


def _by_weights(weights: dict[str, Any], windows: Any, good: float = -math.inf) -> list[float]:
    """What these weights lose in a GPT of ours, of the planned kind or of another that they may have been trained in.
    What the student's model says of itself does not count: it could look the language up. Empty: they fit no GPT."""
    found: list[float] = ref.losses(plain(weights), windows, good)
    return [loss for loss in found if math.isfinite(loss)]


def _gap(student: Student, windows: Any) -> float:
    """Nats per token above the best possible predictor on these windows, of the weights of the handed-in model."""
    best = ref.best_loss(windows)
    losses = _by_weights(trained_model(student).parameters(), windows, best + 0.02)
    if not losses:
        raise Feedback("The weights of best_model are not those of a GPT(**CONFIG).", "return it as it was trained")
    return min(losses) - best


def _learned(student: Student) -> None:
    """Stop here when nothing was trained: neither the model nor its checkpoint has weights that know the language. A
    log without a run is no log of a run."""
    windows = ref.validation_windows()[:16]
    if _knows(trained_model(student).parameters(), windows) or _knows(_stored(student), windows):
        return
    raise Feedback("The weights of best_model have not learned the language that the log speaks of.", MISSING)


def _knows(weights: dict[str, Any], windows: Any) -> bool:
    """Remembered, since several checks ask it of the same weights."""
    digest = hashlib.sha256()
    for name, value in sorted(weights.items()):
        digest.update(name.encode() + repr(value.shape).encode() + value.detach().contiguous().numpy().tobytes())
    if digest.hexdigest() not in _KNOWN:
        _KNOWN[digest.hexdigest()] = any(loss < LEARNED for loss in _by_weights(weights, windows, LEARNED))
    return _KNOWN[digest.hexdigest()]


_KNOWN: dict[str, bool] = {}


def _stored(student: Student) -> dict[str, Any]:
    """The weights in the checkpoint of the run; none when they cannot be read."""
    with contextlib.suppress(Feedback, NameMissing, StudentRaised, NotData):
        tensors = shared.pair(shared.module(student.value("checkpoints"), "it").method("load", "gpt"), "it")[0]
        if isinstance(tensors, dict) and all(isinstance(value, torch.Tensor) for value in tensors.values()):
            return {str(name): value for name, value in tensors.items()}
    return {}


# --- s000-5.1.9c -----------------------------------------------------------


@check(item="s000-5.1.9c", points=3, training=TRAINING)
def the_model_is_close_to_the_best_possible(student: Student, draw: Draw) -> None:
    """On fresh text the model's loss is as close to the best possible as that of retrained references."""
    gap = _gap(student, ref.hidden_windows(draw.seed))
    bar = calibrated(__file__, "gap").threshold
    expect.true(
        gap <= bar,
        f"On unseen text the model is {min(gap, 9.9):.1f} nats per word above the best possible predictor.",
        f"up to {bar:.3f} is what this recipe reaches; are these the best weights, of the full run?",
        f"gap {gap}",
    )


@check(item="s000-5.1.9c", points=2, training=TRAINING)
def the_model_is_the_best_of_its_log(student: Student, draw: Draw) -> None:
    """Reloaded, on the notebook's windows, the model has the lowest validation loss of the log."""
    lowest = min(row[2] for row in _log(student))
    model, windows = trained_model(student), ref.validation_windows()
    found = _by_weights(model.parameters(), windows, lowest * (1 + 3e-4))
    expect.true(
        any(abs(loss - lowest) <= 3e-4 * lowest for loss in found),
        "The model does not have the lowest validation loss of the log.",
        "save the best weights, not the last, and load them into the model that you return",
        f"model {found}, log {lowest}",
    )


def loss_by_own_code(model: Handle, windows: Any, vocab: int = 70) -> float | None:
    got = model(windows[:, :-1])
    if not isinstance(got, torch.Tensor) or got.shape != (*windows[:, 1:].shape, vocab):
        return None
    return float(ref.next_token_loss(got.detach(), windows))


def _drawn(student: Student) -> str:
    """The student's own log: what was trained, as it went."""
    log = _log(student)
    lines = {"training": [(row[0], row[1]) for row in log], "validation": [(row[0], row[2]) for row in log]}
    return pictures.curves(lines, x="updates", y="loss in nats per token")


@check(item="s000-5.1.9c", training=TRAINING, shows=_drawn)
def the_loss_log_is_a_whole_curve(student: Student, draw: Draw) -> None:
    """At least five rows with growing steps from 0 on, all finite, ending well below the start."""
    log = _log(student)
    steps = [row[0] for row in log]
    expect.true(len(log) >= 5, "The log has too few rows; a curve needs five at least.")
    expect.true(steps[0] == 0 and steps == sorted(set(steps)), "Steps should begin with 0 and grow.")
    first, last = log[0], log[-1]
    expect.true(
        last[2] < 0.6 * first[2] and last[1] < 0.6 * first[1],
        "The losses do not fall to 0.6 of their start.",
        "is this the log of the whole run?",
    )
    _learned(student)


@check(item="s000-5.1.9c", training=TRAINING)
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
    _learned(student)


@check(item="s000-5.1.9c", training=TRAINING)
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
    _learned(student)


@check(item="s000-5.1.9c", training=TRAINING)
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
    _learned(student)


# --- s000-5.1.9b -----------------------------------------------------------


@check(item="s000-5.1.9b", points=2)
def each_loss_becomes_its_perplexity(student: Student, draw: Draw) -> None:
    """perplexity_log keeps steps and order of columns and takes exp of both losses, row by row, for one log after
    another."""
    for length in (4, 4, 1):
        log = [(k * 7, draw.uniform(0.5, 4.0), draw.uniform(4.5, 6.0)) for k in range(length)]
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


@check(item="s000-5.1.9b", points=2, training=TRAINING)
def the_perplexity_curve_belongs_to_the_run(student: Student, draw: Draw) -> None:
    """ppl_log is exp of the notebook's own loss_log, row by row, and its best row is what the model reaches."""
    losses = _log(student)
    curve = _curve(student)
    expect.true(len(curve) == len(losses), "ppl_log and loss_log have different numbers of rows.")
    want = [[row[0], math.exp(row[1]), math.exp(row[2])] for row in losses]
    expect.close(curve, want, what="ppl_log", rtol=1e-4, hint="made from loss_log by perplexity_log")
    again = _by_weights(trained_model(student).parameters(), ref.validation_windows(), 2.0)
    best = min(row[2] for row in curve)
    if again and min(again) < 2.0:  # a model that is not the trained one is charged with the run
        expect.true(
            best > 0 and any(abs(math.log(best) - loss) < 0.05 for loss in again),
            "The best perplexity is not the one that the model has.",
            "the validation column is exp of the validation losses",
            f"{best} against {again}",
        )
    _learned(student)


@check(item="s000-5.1.9b", training=TRAINING)
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
    unigram = math.exp(toy_english().unigram_loss)
    expect.true(end < 0.3 * curve[0][2] and end < unigram, "The perplexity does not end far below its start.")
    _learned(student)
