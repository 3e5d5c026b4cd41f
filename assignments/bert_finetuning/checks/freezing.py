"""Hidden checks: freezing and speed (s001-3.2a), comparing runs and what follows from them (s001-3.2b)."""

from __future__ import annotations

import statistics
from typing import Any

import torch

from autograder.judge import Draw, Feedback, Handle, Student, check, expect

from . import reference as ref

START = "bert-math"
TRAINING = 25.0  # CPU seconds of most of the runs


# --- s001-3.2a -------------------------------------------------------------------


def example(draw: Draw, classes: int) -> dict[str, torch.Tensor]:
    """A batch with labels, one row padded."""
    ids = torch.tensor([[draw.integer(5, 29) for _ in range(6)] for _ in range(5)])
    mask = torch.ones_like(ids)
    mask[1, -2:] = 0
    return {"input_ids": ids, "attention_mask": mask, "labels": torch.tensor([k % classes for k in range(5)])}


def subjects(student: Student, draw: Draw) -> list[tuple[Handle, int]]:
    """Models to freeze, with their number of classes; the last one is no Transformer and has no attribute bert."""
    seed = draw.integer(0, 999)
    return [
        (ref.library(student, 3, seed, layers=2)[0], 3),
        (ref.library(student, 5, seed + 1, hidden=8)[0], 5),
        (ref.library(student, 2, seed + 2, kind="roberta")[0], 2),
        (ref.made(student, "other_model", 4, seed + 3), 4),
    ]


def frozen(student: Student, model: Handle) -> None:
    """Freeze, and refuse a result that is neither None nor a model."""
    got = student.freeze(model)
    expect.true(got is None or isinstance(got, Handle), "freeze returns something else than None or the model.")


def open_names(model: Handle) -> set[str]:
    """Names of the parameters that require gradients: asked one by one, for `.parameters()` brings numbers alone."""
    tensors = {name: model.method("get_parameter", name) for name in model.parameters()}
    return {name for name, tensor in tensors.items() if isinstance(tensor, torch.Tensor) and tensor.requires_grad}


def part_of(name: str) -> str:
    """Where in the backbone a parameter lies, from a short list: the names are the student's."""
    return next((part for part in ("embeddings", "pooler", "LayerNorm", "encoder") if part in name), "one of its parts")


def is_head(name: str) -> bool:
    return name.startswith("classifier.")


@check(item="s001-3.2a", points=2)
def only_the_head_still_requires_gradients(student: Student, draw: Draw) -> None:
    """After freezing, gradients arrive at weight and bias of model.classifier and at nothing else: not at embeddings,
    not at the pooler, not at layer norms."""
    for model, classes in subjects(student, draw)[:2]:
        frozen(student, model)
        found = student.gradients(model, **example(draw, classes))
        if not isinstance(found, dict):
            raise Feedback("The gradients of the model cannot be read.")
        reached = {name for name, value in found.items() if value is not None}
        rest = sorted(part_of(str(name)) for name in reached if not is_head(str(name)))
        expect.true(
            not rest,
            f"Gradients still arrive at the backbone, for example at {rest[0] if rest else ''}.",
            (
                "embeddings and pooler belong to it; eval() switches dropout off and freezes nothing; "
                "the attribute is called requires_grad"
            ),
        )
        expect.true(
            {"classifier.weight", "classifier.bias"} <= reached,
            "No gradient arrives at the whole head.",
            "weight and bias of model.classifier go on learning",
        )


@check(item="s001-3.2a", points=2)
def frozen_numbers_stay_bit_for_bit_under_decay(student: Student, draw: Draw) -> None:
    """After three steps of AdamW with weight decay over all parameters, every frozen number is bit for bit the same."""
    for model, classes in subjects(student, draw)[:3]:
        before = model.parameters()
        frozen(student, model)
        after = student.after_adamw(model, steps=3, **example(draw, classes))
        expect.true(
            isinstance(after, dict) and set(after) == set(before), "Freezing changes which parameters there are."
        )
        tensors = all(isinstance(value, torch.Tensor) for value in after.values())
        expect.true(tensors, "The parameters of the frozen model cannot be read.")
        moved = sorted(n for n in before if not is_head(n) and not torch.equal(before[n].detach(), after[n].detach()))
        expect.true(
            not moved,
            "Parameters of the backbone moved although they should be frozen.",
            ("an optimiser moves, and weight decay shrinks, whatever has a gradient"),
        )


@check(item="s001-3.2a")
def the_head_goes_on_learning(student: Student, draw: Draw) -> None:
    """The same steps change weight and bias of the head, as they would if nothing else were there to train."""
    for model, classes in subjects(student, draw)[:3]:
        inputs = example(draw, classes)
        before = model.parameters()
        frozen(student, model)
        after = student.after_adamw(model, steps=3, **inputs)
        if not isinstance(after, dict) or not all(isinstance(value, torch.Tensor) for value in after.values()):
            raise Feedback("The parameters of the frozen model cannot be read.")
        for name in ("classifier.weight", "classifier.bias"):
            expect.true(
                name in after and not torch.equal(before[name].detach(), after[name].detach()),
                "A part of the head did not move in three training steps.",
                "freeze everything but model.classifier",
            )


@check(item="s001-3.2a")
def freezing_does_not_change_the_answers(student: Student, draw: Draw) -> None:
    """Logits and loss are the same before and after freezing, and dropout in train mode stays as it was."""
    for model, classes in subjects(student, draw)[:3]:
        inputs = example(draw, classes)
        before = model(**inputs)
        frozen(student, model)
        after = model(**inputs)
        what = "What the model answers to labelled items"
        before, after = (expect.parts(got, 2, what=what) for got in (before, after))
        for one, two, what in zip(before, after, ("logits", "loss"), strict=False):
            expect.same(one, two, what=f"the {what} of a frozen model", hint="freezing touches no number and no module")
    model = ref.library(student, 3, draw.integer(0, 999), dropout=0.5)[0].turned("train")
    frozen(student, model)
    student.seed(1)
    answers = [expect.parts(model(**example(draw, 3)), 2, what="What the model answers") for _ in range(2)]
    noisy = [expect.array(logits, what="the logits") for logits, _ in answers]
    expect.shape(noisy[1], noisy[0].shape, what="the logits")
    mode = model.training
    expect.true(
        mode is True and bool((noisy[0] != noisy[1]).any()),
        "Freezing switched the model to eval mode.",
        "what is trained and whether dropout acts are two different switches",
    )


@check(item="s001-3.2a")
def any_backbone_and_any_number_of_classes(student: Student, draw: Draw) -> None:
    """RoBERTa under the head, other numbers of classes and a backbone of other names freeze alike, also twice."""
    for model, classes in subjects(student, draw)[1:]:
        frozen(student, model)
        frozen(student, model)
        found = student.gradients(model, **example(draw, classes))
        reached = {name for name, value in found.items() if value is not None} if isinstance(found, dict) else set()
        expect.true(
            reached == {"classifier.weight", "classifier.bias"},
            "With another backbone or another number of classes, freezing does not leave exactly the head.",
            "go by what is *not* model.classifier, not by the names of one backbone",
        )
    model = ref.made(student, "other_model", 2, draw.integer(0, 999))
    model.method("add_module", "pre_classifier", student.tool("nn").made("Linear", 6, 6))  # as DistilBERT has one
    frozen(student, model)
    expect.true(
        not any(name.startswith("pre_classifier") for name in open_names(model)),
        "A layer of the backbone stays open whose name only resembles the head's: pre_classifier.",
        "the head is the attribute model.classifier, not every name with that word in it",
    )


@check(item="s001-3.2a", points=2)
def speed_is_the_inverse_median_after_a_warm_up(student: Student, draw: Draw) -> None:
    """throughput is one over the median duration of the counted steps; slow first steps and an outlier do not show."""
    kit = student.tool("bert_models")
    for warmup, steps in ((3, 21), (2, 7), (0, 5), (2, 1)):  # odd: for even numbers there are several medians
        usual = [draw.uniform(0.2, 0.4) for _ in range(steps)]
        if steps > 1:
            usual[draw.integer(0, steps - 1)] = 50.0
        fake = kit.made("FakeClock", [draw.uniform(5, 9) for _ in range(warmup)] + usual)
        got = student.throughput(fake.step, warmup=warmup, steps=steps, clock=fake.now)
        calls = expect.number(fake.calls, what="the number of calls of step()")
        expect.true(calls == warmup + steps, "step() is not called warmup + steps times.")
        expect.close(
            got,
            1 / statistics.median(usual),
            what="the throughput under a fake clock",
            rtol=1e-6,
            hint=("time each counted step by itself, leave the warm-up out, take the median; steps per second"),
        )


# --- s001-3.2b -------------------------------------------------------------------


def around(draw: Draw, mean: float, spread: float, n: int) -> list[float]:
    """n numbers with exactly this mean and sample standard deviation."""
    raw = draw.tensor(n)
    raw = (raw - raw.mean()) / raw.std()
    return [float(value) for value in mean + spread * raw]


def verdict(student: Student, first: list[float], second: list[float], wanted: str, hint: str) -> None:
    got = expect.one_of(student.compare(first, second), ("first", "second", "undecided"), what="What compare returns")
    said = {"undecided": "differ by no more than noise", "first": "are decided", "second": "are decided"}[wanted]
    expect.true(
        got == wanted, f"Two recipes whose accuracies {said} are judged otherwise.", hint, f"{first} {second} {got}"
    )


@check(item="s001-3.2b")
def clear_differences_are_decided(student: Student, draw: Draw) -> None:
    """A difference of three standard errors is decided, for whichever side is better, whatever the number of runs; so
    is any difference between runs that all agree. The lists stay as they were."""
    for n, m in ((3, 3), (4, 2), (2, 6)):
        low, s, t = draw.uniform(0.5, 0.7), draw.uniform(0.01, 0.02), draw.uniform(0.01, 0.02)
        gap = 3.0 * (s**2 / n + t**2 / m) ** 0.5
        hint = "which mean is larger, and is the gap more than twice the root of s1^2/n1 + s2^2/n2?"
        verdict(student, around(draw, low + gap, s, n), around(draw, low, t, m), "first", hint)
        verdict(student, around(draw, low, s, n), around(draw, low + gap, t, m), "second", hint)
    verdict(student, [0.75] * 3, [0.5] * 4, "first", "three runs that agree have the variance 0; do not divide by it")
    verdict(student, [0.5] * 2, [0.625] * 3, "second", "runs that agree have the variance 0; do not divide by it")
    for lists in ([[0.8, 0.9, 0.7], [0.6, 0.5]], [[0.6, 0.5], [0.8, 0.9, 0.7]], [[0.8, 0.6], [0.8, 0.9, 0.7]]):
        expect.unharmed(lists, student.with_inputs("compare", *lists)[1], what="a list that compare got")


@check(item="s001-3.2b")
def differences_within_the_noise_are_not(student: Student, draw: Draw) -> None:
    """A difference of one and a half standard errors is undecided, and so are equal recipes."""
    for n, m in ((3, 3), (4, 2), (2, 6)):
        low, s, t = draw.uniform(0.5, 0.7), draw.uniform(0.02, 0.04), draw.uniform(0.01, 0.02)
        gap = 1.5 * (s**2 / n + t**2 / m) ** 0.5
        hint = "the larger mean may be luck: hold the gap against how precisely both means are known"
        verdict(student, around(draw, low + gap, s, n), around(draw, low, t, m), "undecided", hint)
        verdict(student, around(draw, low, s, n), around(draw, low + gap, t, m), "undecided", hint)
    # equal means, but one run of one side stands out: the best, or the worst
    low, steady = draw.uniform(0.4, 0.6), around(draw, 0.04, 0.002, 6)
    for sign in (1, -1):
        lone = [low + sign * value for value in (0.0, 0.001, 0.2, 0.0, -0.001)]
        level = [low + sign * value for value in steady]
        hint = "what a recipe gives is its mean; a single run, the best or the worst, is luck"
        verdict(student, lone, level, "undecided", hint)
        verdict(student, level, lone, "undecided", hint)
    same = around(draw, 0.8, 0.01, 4)
    verdict(student, same, same[::-1], "undecided", "the same numbers in another order are the same recipe")
    verdict(student, [0.75] * 3, [0.75] * 2, "undecided", "equal means do not differ, even where the error is 0")


@check(item="s001-3.2b")
def more_runs_make_a_mean_more_certain(student: Student, draw: Draw) -> None:
    """Twice the standard error of the difference is the bound: sample variances, each divided by its number of runs."""
    for factor, wanted in ((1.98, "undecided"), (2.02, "first")):
        for n, m, s, t in ((2, 2, 0.03, 0.01), (2, 9, 0.03, 0.01), (8, 3, 0.01, 0.03), (9, 2, 0.03, 0.01)):
            s, t = s * draw.uniform(0.9, 1.1), t * draw.uniform(0.9, 1.1)
            gap = factor * (s**2 / n + t**2 / m) ** 0.5
            verdict(
                student,
                around(draw, 0.6 + gap, s, n),
                around(draw, 0.6, t, m),
                wanted,
                "variance with n - 1, divided by n for the mean; the two add up; twice the root is the bound, not 1.96",
            )


def reports(student: Student, name: str, key: Any, start: str = START) -> list[dict[str, Any]]:
    """Reports on the validation items of the student's models under tuned[...], frozen[...] or others[...]."""
    table = student.value(name)
    runs = table.get(key) if isinstance(table, dict) else None
    if not isinstance(runs, (list, tuple)) or len(runs) < 2:
        raise Feedback(f"{name} holds no runs under {key!r}.", "hand in the folder checkpoints/ with the notebook")
    expect.modest(len(runs), ref.MOST_RUNS, what=f"The list of runs under {name}[{key!r}]")
    handles = [entry.model if isinstance(entry, Handle) else None for entry in runs]
    return [ref.judged(ref.model_of(handle, start), ("validation",), start) for handle in handles]


def accuracies(student: Student, name: str, key: Any, start: str = START) -> list[float]:
    """The accuracies of these models on the validation items."""
    return [one["accuracy"] for one in reports(student, name, key, start)]


def something_was_learned(student: Student) -> None:
    """Stop here when no model that was trained as a whole is better than a constant answer: nothing follows from a
    comparison with models that learned nothing."""
    found = reports(student, "tuned", 640)
    expect.true(
        any(one["accuracy"] > one["majority"] + 0.02 for one in found),
        "None of your models of 640 items is better than a constant answer, so nothing follows from comparing them.",
        "first let them learn: hand in the models of the full profile",
        str(found),
    )


@check(item="s001-3.2b", points=2, training=TRAINING)
def frozen_verdict_follows_from_the_models(student: Student, draw: Draw) -> None:
    """frozen_or_tuned is what the validation accuracies of the student's own models say by the rule of compare."""
    got = expect.one_of(student.value("frozen_or_tuned"), ("tuned", "frozen", "undecided"), what="frozen_or_tuned")
    found = ref.compare(accuracies(student, "tuned", 640), accuracies(student, "frozen", "own rate"))
    wanted = {"first": "tuned", "second": "frozen"}.get(found, "undecided")
    expect.true(
        got == wanted,
        "frozen_or_tuned contradicts the accuracies of your own models.",
        "put the six validation accuracies into the rule",
        f"{got}, but {wanted}",
    )
    something_was_learned(student)


@check(item="s001-3.2b", points=2, training=TRAINING)
def same_rate_answer_follows_from_the_models(student: Student, draw: Draw) -> None:
    """same_rate_learned says whether one of the models frozen at the same rate has a balanced accuracy over 0.4."""
    got = expect.boolean(student.value("same_rate_learned"), what="same_rate_learned")
    found = [one["balanced"] for one in reports(student, "frozen", "same rate")]
    expect.true(
        got == any(value > 0.4 for value in found),
        "same_rate_learned contradicts your own models.",
        "an accuracy of 0.74 is what a constant answer gets; look at the balanced accuracy",
        str(found),
    )
    something_was_learned(student)
