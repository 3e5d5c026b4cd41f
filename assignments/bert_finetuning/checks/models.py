"""Hidden checks: the models that a student trained, predicted with again on items kept back (s001-3.Q2-models)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from seq2kit.bert import arithmetic

from autograder.judge import Draw, Feedback, Handle, Student, calibrated, check, expect, pictures

from .. import calibration as bars
from . import reference as ref

START, SIZES = "bert-math", (160, 640)
TRAINING = 25.0  # CPU seconds of most of the runs
KEPT_BACK = {160: ("rest", "validation"), 640: ("validation",)}


def runs(student: Student, size: int) -> list[tuple[Any, Any]]:
    """(model, history) per seed. Raises Feedback when there is nothing of the kind."""
    found = student.value("tuned")
    mine = found.get(size) if isinstance(found, dict) else None
    if not isinstance(mine, (list, tuple)) or not mine:
        raise Feedback(f"tuned holds no runs for {size} items.", "hand in the folder checkpoints/ with the notebook")
    expect.modest(len(mine), ref.MOST_RUNS, what=f"The list of runs for {size} items")
    if not all(isinstance(entry, Handle) for entry in mine):
        raise Feedback("An entry of tuned is not what run returns.")
    return [(entry.model, entry.history) for entry in mine]


def parts(student: Student, size: int) -> list[Any]:
    """What is written beside each model about the data that it was trained on."""
    runs(student, size)
    return [entry.parts for entry in student.value("tuned")[size]]


def models(student: Student, size: int) -> Iterator[Any]:
    for handle, _ in runs(student, size):
        yield ref.model_of(handle, START)


def _confused(student: Student) -> str:
    """What the student's models of 640 items say to the validation items, all runs together."""
    counts = torch.zeros(3, 3, dtype=torch.int64)
    for model in models(student, 640):
        scores, labels, _ = ref.logits(model, "validation", START)
        counts += torch.bincount(3 * labels + scores.argmax(-1), minlength=9).reshape(3, 3)
    said = "what your models of 640 items say of validation items"
    return pictures.confusion(counts.tolist(), arithmetic.LABELS, rows="the answer", columns=said)


@check(item="s001-3.Q2-models", points=2, training=TRAINING, shows=_confused)
def models_know_more_than_the_majority_class(student: Student, draw: Draw) -> None:
    """No model answers all items alike; each finds over half of the negatives and beats the majority by 5 points."""
    for size in SIZES:
        for model in models(student, size):
            found = [ref.logits(model, part, START)[0].argmax(-1) for part in KEPT_BACK[size]]
            answered = torch.cat(found).unique().tolist()
            if len(answered) == 1:
                word = arithmetic.LABELS[answered[0]]
                raise Feedback(
                    f"A model of {size} items only looks trained: it says {word!r} to everything.",
                    "an accuracy of 0.74 is the majority class; its balanced accuracy is one third",
                )
            got = ref.judged(model, KEPT_BACK[size], START)
            expect.true(
                got["accuracy"] > got["majority"] + 0.05,
                f"On kept-back items a model of {size} items is no better than always answering 'positive'.",
                "was it trained at all, on the right labels, in the words of its own tokenizer?",
                str(got),
            )
            expect.true(
                got["recall"][0] > 0.5, f"A model of {size} items finds fewer than half of the negatives.", "", str(got)
            )


@check(item="s001-3.Q2-models", points=2, training=TRAINING)
def hidden_items_after_160_examples(student: Student, draw: Draw) -> None:
    """On the 640 items that it never saw, each model of 160 items is as good as runs of this recipe are."""
    judge(student, 160, "hidden_accuracy_160", "hidden_minus_160")


@check(item="s001-3.Q2-models", points=2, training=TRAINING)
def validation_items_after_640_examples(student: Student, draw: Draw) -> None:
    """On the 160 validation items, each model of 640 items is as good as runs of this recipe are."""
    judge(student, 640, "validation_accuracy_640", "validation_minus_640")


def judge(student: Student, size: int, accuracy: str, minus: str) -> None:
    whole, hard = calibrated(__file__, accuracy), calibrated(__file__, minus)
    for model in models(student, size):
        got = ref.judged(model, KEPT_BACK[size], START)
        expect.true(
            whole.met_by(got["accuracy"]) and hard.met_by(got["minus"]),
            f"A model of {size} items is worse on kept-back items than training from the math model makes it.",
            "pre-trained weights really loaded? its own tokenizer? twenty epochs at the given rate, zeros repeated?",
            f"{got}, bars {whole.threshold} and {hard.threshold}",
        )


@check(item="s001-3.Q2-models", points=2, training=TRAINING)
def models_grew_from_the_pre_trained_weights(student: Student, draw: Draw) -> None:
    """Every weight matrix points the way of the stored one and is not the very same: fine-tuning moves it a little."""
    bar = calibrated(__file__, "similarity")
    for size in SIZES:
        for model in models(student, size):
            expect.true(
                bar.met_by(ref.similarity(model, START)),
                f"A model of {size} items does not stem from the pre-trained weights: it was re-initialised.",
                "a class or a name that does not fit the checkpoint, or a model built from the configuration alone",
                str(ref.similarity(model, START)),
            )
            expect.true(
                not ref.untouched(model, START),
                f"A model of {size} items was not fine-tuned: weights of its encoder are the stored ones to the digit.",
                "frozen models belong to Part 4; here all weights are trained",
            )


def learned(model: Any, parts: tuple[str, ...], size: int) -> dict[str, Any]:
    """The report on these parts; Feedback when the model is no better there than a constant answer."""
    got: dict[str, Any] = ref.judged(model, parts, START)
    expect.true(
        got["accuracy"] > got["majority"] + 0.05,
        f"A model of {size} items is no better than a constant answer, so nothing can be said about this property.",
        "first let it learn: see the check about the majority class",
    )
    return got


@check(item="s001-3.Q2-models", training=TRAINING)
def models_expect_their_own_tokenizer(student: Student, draw: Draw) -> None:
    """The models answer better in the ids of their own tokenizer than in those of another one."""
    for size in SIZES:
        for model in models(student, size):
            theirs = max(
                ref.judged(model, KEPT_BACK[size], other)["accuracy"] for other in ("bert-tweet", "roberta-tweet")
            )
            mine = ref.judged(model, KEPT_BACK[size], START)
            expect.true(
                theirs <= max(mine["accuracy"], mine["majority"] + 0.05),
                f"A model of {size} items reads another model's tokenizer: its word ids mean other words to it.",
                "take the tokenizer of the same folder as the weights",
                f"{mine} against {theirs}",
            )
            learned(model, KEPT_BACK[size], size)


@check(item="s001-3.Q2-models", points=2, training=TRAINING)
def kept_back_items_are_harder_than_trained_ones(student: Student, draw: Draw) -> None:
    """Nothing leaked: no run trained on kept-back items, and models of 160 lose more on these than on their own."""
    for size, own in ((160, {"few": 160}), (640, {"few": 160, "rest": 480})):
        for told in parts(student, size):
            if not isinstance(told, dict) or not told:
                raise Feedback(
                    f"Beside the weights of a model of {size} items nothing says what it was trained on.",
                    "train with run, and hand in what it writes",
                )
            for name in ("validation", "rest"):
                expect.true(
                    name in own or told.get(name) is None or expect.identical(0, told[name]),
                    f"A model of {size} items was trained on items of the part {name!r}: kept-back answers leaked.",
                    "few for 160 and train for 640; validation items are watched, never trained on",
                    str(told),
                )
            expect.true(
                all(expect.identical(count, told.get(name)) for name, count in own.items()),
                f"A model of {size} items was not trained on all of its items.",
                "few for 160 and train for 640",
                str(told),
            )
    bar = calibrated(__file__, "kept_back_ratio_160")
    for model in models(student, 160):
        learned(model, ("few",), 160)
        expect.true(
            bar.met_by(bars.kept_back_ratio(model)),
            "A model of 160 items is as sure on items that were kept back as on its own, as if it knew the answers.",
            "train on SPLIT.few alone, and for as long as the recipe says; rest and validation items must not leak",
            str(bars.kept_back_ratio(model)),
        )


@check(item="s001-3.Q2-models", training=TRAINING)
def each_seed_is_a_run_of_its_own(student: Student, draw: Draw) -> None:
    """There are three runs per size, and no two of them ended with the same head."""
    for size in SIZES:
        trained = list(models(student, size))
        heads = [model.classifier.weight.detach() for model in trained]
        expect.true(
            len(heads) == 3,
            f"There are too few or too many runs for {size} items; it should be 3, one per seed.",
            "the full profile has three seeds",
        )
        expect.true(
            not any(ref.untouched(model, START) for model in trained),
            f"A run of {size} items is none: weights of its encoder are the stored ones to the digit.",
            "three seeds are three trainings",
        )
        for number, one in enumerate(heads):
            for other in heads[number + 1 :]:
                expect.true(
                    float((one - other).norm()) > ref.A_RUN_APART * float(one.norm()),
                    f"Two runs of {size} items are the same run.",
                    "their spread says nothing then: set the seed, and name the checkpoint after it",
                )


@check(item="s001-3.Q2-models", training=TRAINING)
def the_history_belongs_to_the_model(student: Student, draw: Draw) -> None:
    """The last accuracy of each history is what the model itself reaches on the validation items."""
    for size in SIZES:
        for handle, told in runs(student, size):
            rows = expect.array(told, what="a history")
            expect.true(
                rows.ndim == 2 and rows.shape[1] == 2 and len(rows) > 1, "A history is no list of (loss, accuracy)."
            )
            mine = ref.judged(ref.model_of(handle, START), ("validation",), START)["accuracy"]
            # weights are kept in half precision, which may move an item or two
            expect.true(
                abs(float(rows[-1, 1]) - mine) < 0.02,
                f"The history of a model of {size} items ends with another accuracy than the model has.",
                "the accuracy on validation items, after the last epoch; the training accuracy is a different number",
                f"{rows[-1, 1]} against {mine}",
            )
