"""Hidden checks of the experiment: the measurement, what was handed in, and whether claims follow from it."""

from __future__ import annotations

import math
import statistics
from typing import Any

import numpy as np
import torch
from seq2kit.generative import bottleneck

from autograder.judge import Draw, Feedback, Handle, Student, check, expect, pictures

from .generating import HAND_IN, filled
from .shared import answered, letter

TRAINING = 8.0  # CPU seconds
_CURVES = {
    "falling": "a", "decreasing": "a", "u": "b", "u-shaped": "b", "ushape": "b", "invertedu": "c", "flat": "d",
}  # fmt: skip


def models(student: Student, betas: tuple[float, ...] = bottleneck.BETAS) -> dict[float, bottleneck.Bottleneck]:
    """Models of ours with the weights of the student's. Raises Feedback when one is missing or of another build."""
    table = student.value("bottlenecks")
    found = {}
    for beta in betas:
        handle = table.get(beta) if isinstance(table, dict) else None
        if not isinstance(handle, Handle):
            raise Feedback(f"There is no trained bottleneck for beta = {beta:g}.", HAND_IN)
        found[beta] = bottleneck.Bottleneck()
        filled(found[beta], handle, what=f"The bottleneck for beta = {beta:g}")
    return found


def curve(student: Student) -> dict[float, list[float]]:
    """The student's table, complete."""
    table = student.value("held_out")
    found = {}
    for beta in bottleneck.BETAS:
        if not isinstance(table, dict) or beta not in table:
            raise Feedback("held_out does not have all values of beta.", HAND_IN)
        what = f"held_out at beta = {beta:g}"
        found[beta] = expect.numbers(table[beta], (bottleneck.STARTS,), what=what, hint="one per start").tolist()
    return found


def shape_of(values: list[float]) -> str:
    """The letter of the curve that these means follow: lowest and highest against both ends."""
    first, last, low, high = values[0], values[-1], min(values), max(values)
    room = 0.05 * (high - low)
    if low < min(first, last) - room:
        return "b"
    if high > max(first, last) + room:
        return "c"
    return "a" if last < first else "d"


def _drawn(student: Student) -> str:
    """The student's own table over the logarithm of beta."""
    rows = curve(student)
    points = [(math.log10(beta), statistics.fmean(row)) for beta, row in rows.items()]
    return pictures.curves({"held-out loss": points}, x="log10 of beta", y="nats")


@check(item="s003-11c", points=2)
def nll_is_a_mean_for_each_start(student: Student, draw: Draw) -> None:
    """The loss of a start is the mean of -log q(y | z) over its draws and images, in nats."""
    for shape in ((4, 2, 5, 3), (2, 3, 6, 4)):
        logits = draw.tensor(*shape, scale=2.0)
        logits[0, :, 0, 1] = 0.0  # a score like any other
        y = torch.tensor([draw.integer(0, shape[3] - 1) for _ in range(shape[2])])
        logq = torch.log_softmax(logits, -1)
        want = [-float(logq[:, s, torch.arange(shape[2]), y].mean()) for s in range(shape[1])]
        got = expect.numbers(student.mean_nll(logits, y), (shape[1],), what="mean_nll(logits, y)")
        hint = "the axes are draws, starts, images, classes: which two are averaged over? -log of what the label gets"
        expect.close(got, want, what="mean_nll(logits, y)", hint=hint, rtol=1e-5)


@check(item="s003-11c")
def nll_of_few_and_of_sure(student: Student, draw: Draw) -> None:
    """One draw, one start, one image; scores of a thousand; and arguments that stay."""
    logits = draw.tensor(1, 1, 1, 3)
    logits[..., 0] += 1000.0
    y = torch.tensor([2])
    got, after = student.with_inputs("mean_nll", logits, y)
    expect.unharmed([logits, y], after, what="an argument of mean_nll")
    want = [-float(torch.log_softmax(logits, -1)[0, 0, 0, 2])]
    expect.close(
        expect.numbers(got, (1,), what="mean_nll of one image"), want, what="mean_nll of one image",
        hint="log-softmax at once, instead of the logarithm of a softmax", rtol=1e-5,
    )  # fmt: skip


@check(item="s003-11c", points=2, training=TRAINING, shows=_drawn)
def the_table_can_be_measured_again(student: Student, draw: Draw) -> None:
    """held_out is what the handed-in networks cost on the images that were held out, with the given draws."""
    rows = curve(student)
    _, _, x, y = bottleneck.data()
    for beta, model in models(student).items():
        wanted = []
        for sign in (1.0, -1.0):  # mu - sigma V is a draw as well
            with torch.no_grad():
                logq = torch.log_softmax(model(x, sign * bottleneck.noise()), -1)
            wanted.append(-logq[:, :, torch.arange(len(y)), y].mean((0, 2)).numpy())
        off = min(float(np.abs(np.array(rows[beta]) - want).max()) for want in wanted)
        hint = "on the images and true labels that bottleneck.data() gives last, with bottleneck.noise(), per start"
        told = f"held_out at beta = {beta:g} is not what the networks cost that were handed in."
        expect.true(off < 2e-3 * max(1.0, max(rows[beta])), told, hint, f"off {off:.3g}")


@check(item="s003-11c", points=2, training=TRAINING)
def networks_are_trained_with_their_beta(student: Student, draw: Draw) -> None:
    """At small beta codes are quiet, at the largest they are the prior; between, new images cost less than guessing."""
    found = {beta: bottleneck.measured(model) for beta, model in models(student).items()}
    sigma = {beta: statistics.fmean(row["sigma"]) for beta, row in found.items()}
    hint = "is each trained with its own beta, in full, with your loss as it is now? Else delete checkpoints/"
    told = "The widths of the codes do not grow with beta as ours do."
    rising = all(sigma[a] < sigma[b] for a, b in ((1e-6, 0.05), (0.05, 0.2), (0.2, 1.0)))
    expect.true(rising and sigma[1e-6] < 0.1 and sigma[1.0] > 0.8, told, hint, str(sigma))
    lowest = min(statistics.fmean(row["nll"]) for row in found.values())
    told = "None of your networks costs clearly less on held-out images than guessing."
    expect.true(lowest < math.log(3) - 0.05, told, hint, f"{lowest:.3f}")


@check(item="s003-11c", training=TRAINING)
def the_letter_follows_from_the_curve(student: Student, draw: Draw) -> None:
    """The chosen curve is the one that your own networks follow from the smallest beta to the largest."""
    told = letter(answered(student, "s003-11c"), _CURVES, offered="abcd", what='answers["s003-11c"]')
    right = {frozenset("b")}
    try:
        rows = curve(student)
        right.add(frozenset(shape_of([statistics.fmean(rows[beta]) for beta in bottleneck.BETAS])))
    except Feedback:
        pass  # a table that is missing has its own check
    hint = "compare both ends of your table with its lowest entry"
    expect.true(told in right, "This is not the curve of your own table.", hint)


@check(item="s003-11d-i", points=2, training=TRAINING)
def own_plots_are_matched(student: Student, draw: Draw) -> None:
    """Each of your latent plots has the beta that its model was trained with."""
    table = expect.mapping(student.value("panel_betas"), bottleneck.PANELS, what="panel_betas")
    told = {name: expect.number(table[name], what="a beta in panel_betas") for name in bottleneck.PANELS}
    own = models(student, tuple(bottleneck.PANELS.values()))
    for beta, model in own.items():  # the plot shows the networks that were handed in, so they have to be there
        expect.true(bottleneck.measured(model)["sigma"][0] > 0, f"The plot at beta = {beta:g} shows no code.")
    right = all(math.isclose(told[name], beta, rel_tol=1e-6) for name, beta in bottleneck.PANELS.items())
    hint = "a free code is quiet, with small circles; a dear one is the prior, whatever the image"
    expect.true(right, "One of your plots has another beta.", hint)


def _stats(draw: Draw, names: list[str], scale: float = 1.0) -> dict[str, tuple[float, float]]:
    """Three plots; the names from the strongest bottleneck to the weakest."""
    spread = sorted(draw.uniform(low, high) for low, high in ((0.05, 0.3), (1.0, 3.0), (5.0, 9.0)))
    sigma = [draw.uniform(low, high) for low, high in ((0.9, 0.99), (0.3, 0.6), (0.02, 0.1))]
    rows = {name: (scale * s, w) for name, s, w in zip(names, spread, sigma, strict=True)}
    order = draw.permutation(3).tolist()
    return {names[k]: rows[names[k]] for k in order}


def _matched(student: Student, stats: dict[str, tuple[float, float]], *more: Any) -> dict[str, float]:
    table = expect.mapping(student.match(stats, *more), stats, what="what match returns", hint="a beta for each name")
    return {name: expect.number(table[name], what="a beta that match gives") for name in stats}


def _holds(found: dict[str, float], names: list[str], betas: list[float], message: str) -> None:
    right = all(math.isclose(found[name], beta, rel_tol=1e-6) for name, beta in zip(names, betas, strict=True))
    expect.true(right, message, "the dearer the code, the nearer to the prior: narrow means, sigma near 1")


@check(item="s003-11d-i")
def the_exams_plots_are_matched(student: Student, draw: Draw) -> None:
    """The three plots of the exam get their betas."""
    found = _matched(student, {"a": (2.5, 0.44), "b": (8.2, 0.06), "c": (0.19, 0.98)})
    _holds(found, ["c", "a", "b"], [1.0, 1e-3, 1e-6], "match gives a plot of the exam another beta.")


@check(item="s003-11d-i", points=2)
def plots_in_any_order(student: Student, draw: Draw) -> None:
    """Plots of any name, in any order, get their betas from what is seen, not from where they stand."""
    for names in (["left", "right", "middle"], ["c", "b", "a"], ["b", "c", "a"]):
        found = _matched(student, _stats(draw, names))
        _holds(found, names, [1.0, 1e-3, 1e-6], "match gives a plot the beta of another one.")


@check(item="s003-11d-i")
def only_the_order_counts(student: Student, draw: Draw) -> None:
    """On any scale of the spreads the betas are told apart."""
    for scale in (0.01, 100.0):
        names = ["a", "c", "b"]
        found = _matched(student, _stats(draw, names, scale))
        told = "match gives a plot the beta of another one where spreads are on another scale."
        _holds(found, names, [1.0, 1e-3, 1e-6], told)


@check(item="s003-11d-i")
def other_betas_are_told_apart(student: Student, draw: Draw) -> None:
    """Other betas, in any order, go to the plots by their size; the arguments stay as they were."""
    names, given = ["c", "a", "b"], (0.2, 1e-5, 4.0)
    stats = _stats(draw, names)
    _, after = student.with_inputs("match", stats, given)
    expect.unharmed(stats, after[0], what="stats")
    found = _matched(student, stats, given)
    _holds(found, names, [4.0, 0.2, 1e-5], "match gives a plot another one of the betas that were given.")


@check(item="s003-11d-ii", points=2, training=TRAINING)
def the_letter_has_the_lowest_loss(student: Student, draw: Draw) -> None:
    """The chosen plot is that of your model with the lowest held-out loss."""
    told = letter(answered(student, "s003-11d-ii"), {}, offered="abc", what='answers["s003-11d-ii"]')
    own = models(student, tuple(bottleneck.PANELS.values()))
    costs = {name: statistics.fmean(bottleneck.measured(own[b])["nll"]) for name, b in bottleneck.PANELS.items()}
    lowest = min(costs, key=lambda name: costs[name])
    hint = "look the three betas up in your table: which costs least on held-out images?"
    expect.true(told == {lowest}, "Another of your plots predicts better, or you chose several.", hint)


def _best(student: Student, stats: dict[str, tuple[float, float]]) -> str:
    return expect.one_of(student.best(stats), stats, what="what best returns")


@check(item="s003-11d-ii", points=2)
def the_best_is_found_in_any_order(student: Student, draw: Draw) -> None:
    """Whatever the plots are called and however they stand, the one neither loose nor collapsed is the best."""
    for names in (["left", "right", "middle"], ["c", "b", "a"], ["b", "c", "a"]):
        told = "best does not find the code that is best to predict from."
        hint = "a collapsed code says nothing, and a free one keeps everything, smudges and wrong labels too"
        expect.true(_best(student, _stats(draw, names)) == names[1], told, hint)
    for middle in ((1.1, 0.25), (4.0, 0.7)):  # whatever spread and width of the middle one make together
        stats = {"u": (9.0, 0.1), "v": middle, "w": (0.2, 0.97)}
        expect.true(_best(student, stats) == "v", told, hint)


@check(item="s003-11d-ii")
def the_best_of_the_exam(student: Student, draw: Draw) -> None:
    """Of the exam's three plots the best is named, on other scales too; the table stays as it was."""
    for scale in (1.0, 30.0):
        stats = {"a": (2.5 * scale, 0.44), "b": (8.2 * scale, 0.06), "c": (0.19 * scale, 0.98)}
        reply, after = student.with_inputs("best", stats)
        expect.unharmed(stats, after[0], what="stats")
        told = "best does not name the right plot of the exam."
        expect.true(expect.one_of(reply, stats, what="what best returns") == "a", told, "neither loose nor collapsed")
