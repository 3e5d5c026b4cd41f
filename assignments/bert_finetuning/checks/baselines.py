"""Hidden checks of the report: accuracy beside baselines (s001-3.2b-report)."""

from __future__ import annotations

from typing import Any

import torch

from autograder.judge import Draw, Feedback, Student, check, expect

from . import reference as ref


def answers(draw: Draw) -> tuple[list[int], list[int], list[bool]]:
    """Answers, labels and minus marks, unevenly: class 2 is the most frequent, but class 0 among the minus items."""
    zeros, ones, twos, hard = draw.integer(13, 17), draw.integer(6, 9), draw.integer(33, 39), draw.integer(7, 10)
    known = [(0, True)] * zeros + [(1, k < 3) for k in range(ones)] + [(2, k < hard) for k in range(twos)]
    known = [known[int(k)] for k in draw.permutation(len(known))]
    labels, minus = [label for label, _ in known], [mark for _, mark in known]
    predicted = [label if draw.uniform() < 0.6 else draw.choice((0, 1, 1, 2)) for label in labels]
    return predicted, labels, minus


def told(student: Student, given: tuple[list[int], list[int], list[bool]], as_tensors: bool = False) -> dict[Any, Any]:
    """The student's report, a dict. Raises Feedback for anything else."""
    sent = [torch.tensor(values) for values in given] if as_tensors else list(given)
    got = student.report(*sent)
    if not isinstance(got, dict):
        raise Feedback("report(...) does not return a dict.")
    return got


def agrees(got: dict[Any, Any], wanted: dict[str, Any], keys: tuple[str, ...], hint: str) -> None:
    for key in keys:
        expect.true(key in got, f"The report has no entry {key!r}.")
        expect.close(got[key], wanted[key], what=f"the report's {key}", hint=hint, rtol=1e-5)


def lazy_and_drawn(draw: Draw) -> list[tuple[list[int], list[int], list[bool]]]:
    """Drawn answers, a constant one, labels whose most frequent class is not the last; and two of seven items, whose
    shares are no short decimals and differ."""
    predicted, labels, minus = answers(draw)
    seven, three = [0, 1, 2, 1, 0, 2, 1], [True, True, False, True, False, False, False]
    return [
        (predicted, labels, minus),
        ([draw.integer(0, 2)] * len(labels), labels, minus),
        ([2 - k for k in predicted], [2 - k for k in labels], minus),
        (seven, [0, 0, 0, 1, 1, 2, 2], three),
        (seven, [0, 0, 0, 0, 1, 2, 2], three),
    ]


@check(item="s001-3.2b-report", points=2)
def accuracy_beside_its_majority_baseline(student: Student, draw: Draw) -> None:
    """accuracy and majority are the shares of right answers and of the most frequent label, lists or tensors alike;
    the lists stay as they were."""
    hint = "the baseline asks how frequent the most frequent *label* is; it never looks at the answers"
    for number, given in enumerate(lazy_and_drawn(draw)):
        tensors = [torch.tensor(values) for values in given]
        got = told(student, given, as_tensors=number in (1, 2))
        agrees(got, ref.report(*tensors), ("accuracy", "majority"), hint)
    given = answers(draw)
    expect.unharmed(list(given), student.with_inputs("report", *given)[1], what="a list that report got")


@check(item="s001-3.2b-report", points=2)
def recall_divides_by_the_items_of_a_class(student: Student, draw: Draw) -> None:
    """recall holds, per class, the right answers divided by the items of that class, answered or not."""
    hint = "of all items whose label is k, which share was answered k? (Dividing by the answers gives precision.)"
    for given in lazy_and_drawn(draw):
        agrees(told(student, given), ref.report(*(torch.tensor(v) for v in given)), ("recall",), hint)


@check(item="s001-3.2b-report")
def balanced_accuracy_is_the_mean_recall(student: Student, draw: Draw) -> None:
    """balanced is the plain mean of the three recalls: one third for any constant answer."""
    hint = "rare and frequent classes count alike; the mean runs over all three classes"
    for given in lazy_and_drawn(draw):
        agrees(told(student, given), ref.report(*(torch.tensor(v) for v in given)), ("balanced",), hint)


@check(item="s001-3.2b-report")
def minus_items_are_judged_alone(student: Student, draw: Draw) -> None:
    """minus and minus_majority are accuracy and baseline of the minus items, as if there were no others, also of a
    single one."""
    hint = "leave the other items out of numerator and denominator, for the baseline too"
    predicted, labels, _ = answers(draw)
    only = draw.integer(0, len(labels) - 1)
    lone = [k == only for k in range(len(labels))]
    for given in (*lazy_and_drawn(draw), (predicted, labels, lone)):
        agrees(told(student, given), ref.report(*(torch.tensor(v) for v in given)), ("minus", "minus_majority"), hint)
