"""Hidden checks: the comparison (s001-2.2.3a), measured again from the models that were handed in.

Weights go into our own models, so nothing that the student's process says about itself is believed. If the student's
forward pass is not the one that was asked for, his decoder-only models would be something else in ours: then his
weights go into a model of ours that has the same mistake, so that it costs its points there and not here a second time.
"""

from __future__ import annotations

import itertools
import statistics
from typing import Any

import numpy as np
import torch
from seq2kit.translation.piglatin import Pairs, load_pairs
from seq2kit.translation.translate import unigram_loss
from torch import Tensor

from autograder.judge import Draw, Feedback, Handle, Student, calibrated, check, expect

from . import evaluation, forwards
from . import reference as ref

KINDS = evaluation.KINDS
SEEDS = 3
# What we are willing to measure: parameters, the sides of a matrix, and matrices (eight for each layer).
MOST, LONGEST_SIDE, MOST_TENSORS = 200_000, 512, 600
TRAINING = 120.0  # CPU seconds of the nine runs
MODELS = "`models` should hold three models of each kind: leave the given cells as they are, and hand in checkpoints/"


def model_of(student: Student, kind: str, seed: int) -> Handle:
    """One of the nine models."""
    models = student.value("models")
    found = models.get(kind) if isinstance(models, dict) else None
    if not isinstance(found, (list, tuple)) or len(found) != SEEDS or not all(isinstance(m, Handle) for m in found):
        raise Feedback("The trained models are not there.", MODELS)
    handle: Handle = found[seed]
    return handle


def weights_of(student: Student, kind: str, seed: int) -> dict[str, Tensor]:
    """Its parameters. Raises Feedback when a number in them is not finite."""
    weights = model_of(student, kind, seed).parameters()
    sound = all(p.is_floating_point() and bool(torch.isfinite(p).all()) for p in weights.values())
    expect.true(sound and bool(weights), f"A model of kind {kind} has weights that are not finite numbers.")
    size = sum(p.numel() for p in weights.values())
    expect.true(
        size < MOST, f"A model of kind {kind} is far larger than the encoder-decoder.", "choose decoder_size anew"
    )
    expect.modest(len(weights), MOST_TENSORS, what=f"The number of layers in a model of kind {kind}")
    expect.modest(
        max(side for p in weights.values() for side in (*p.shape, 1)), LONGEST_SIDE, what=f"A model of kind {kind}"
    )
    return weights


def kind_of(student: Student, kind: str, weights: dict[str, Tensor]) -> Any:
    """The forward pass of ours that says, on a probe, what the student's first model of this kind says with the same
    weights; the one that was asked for, if none does."""
    model = model_of(student, kind, 0)
    tokens = torch.tensor([[27, 3, 14, 19, 29, 7, 0], [27, 18, 4, 1, 29, 20, 11]])
    probes = [(allowed, asked(model, tokens, allowed).numpy()) for allowed in (ref.tril(7), ref.prefix(5, 2))]
    fits = (one for one in forwards.KINDS if all(_says(one, weights, tokens, *probe) for probe in probes))
    return next(fits, forwards.PLAN)


def _says(kind: Any, weights: dict[str, Tensor], tokens: Tensor, allowed: Tensor, got: Any) -> bool:
    try:
        want = forwards.logits(weights, tokens, allowed, kind).numpy()
    except (KeyError, IndexError, RuntimeError, ValueError):
        return False
    return got.shape == want.shape and bool(np.allclose(got, want, atol=1e-3 * abs(want).max()))


def asked(model: Handle, tokens: Tensor, allowed: Tensor) -> Tensor:
    """Logits from the student's own model."""
    model.method("eval")  # a later cell may have left it in train mode
    got = model(tokens, allowed)
    first = got[0] if isinstance(got, (tuple, list)) and len(got) else got
    numbers = expect.array(first, what="the logits of a trained model")
    expect.true(
        numbers.ndim == 3 and numbers.shape[:2] == tuple(tokens.shape), "A trained model gives no logits (b, n, V)."
    )
    return torch.from_numpy(numbers)


def measured(student: Student, words: str, exact: bool = True) -> dict[str, list[Any]]:
    """kind -> loss and exact match per seed, from the weights; with another forward pass than was asked for, the exact
    match of seed 0 only.

    All weights are fetched before any is measured: the time that we take must not run out on the student's clock."""
    weights = {kind: [weights_of(student, kind, seed) for seed in range(SEEDS)] for kind in KINDS}
    ways = {kind: kind_of(student, kind, weights[kind][0]) for kind in KINDS[1:]}
    pairs = evaluation.hidden_pairs() if words == "hidden" else evaluation.validation_pairs()
    found: dict[str, list[Any]] = {}
    for kind, three in weights.items():
        way = ways.get(kind, forwards.PLAN)
        found[kind] = [
            from_weights(kind, part, words)
            if way == forwards.PLAN
            else by_forward(way, part, kind == "prefix", pairs, exact and seed == 0)
            for seed, part in enumerate(three)
        ]
    return found


def from_weights(kind: str, weights: dict[str, Tensor], words: str) -> Any:
    """Both numbers for these weights in a model of ours. Raises Feedback when they do not fit into one."""
    try:
        return evaluation.measured(kind, weights, words)
    except (KeyError, IndexError, RuntimeError, ValueError) as error:
        raise Feedback(f"A model of kind {kind} is not built from the given parts.", MODELS, repr(error)) from error


def by_forward(way: Any, weights: dict[str, Tensor], with_prefix: bool, pairs: Any, exact: bool) -> Any:
    """The same in the model of ours with this forward pass; exact match is NaN where it is not asked for."""

    def logits(tokens: Tensor, allowed: Tensor) -> Tensor:
        found: Tensor = forwards.logits(weights, tokens, allowed, way)
        return found

    def write(source: Tensor) -> Any:
        v = evaluation.VOCABULARY
        return ref.greedy(logits, source, v.sos, v.eos, evaluation.LIMIT, with_prefix)[0]

    try:
        share = evaluation.exact_of(write, pairs) if exact else float("nan")
        return evaluation.Measured(evaluation.loss_of(logits, pairs, with_prefix), share)
    except (KeyError, IndexError, RuntimeError, ValueError) as error:
        raise Feedback("The models of one kind do not have the same parts.", MODELS, repr(error)) from error


def table_of(student: Student, kind: str, key: str) -> list[float]:
    """Three numbers from the student's table."""
    results = student.value("results")
    entry = results.get(kind) if isinstance(results, dict) else None
    if not isinstance(entry, dict) or key not in entry:
        raise Feedback(f"results[{kind!r}][{key!r}] is missing.", "every kind needs parameters, loss and exact")
    numbers = expect.array(entry[key], what=f"results[{kind!r}][{key!r}]")
    expect.shape(numbers, (SEEDS,), what=f"results[{kind!r}][{key!r}]", hint="one number per seed")
    expect.finite(numbers, what=f"results[{kind!r}][{key!r}]")
    return [float(value) for value in numbers]


def said(value: Any, what: str) -> bool | None:
    """True, False or None. Raises Feedback for anything else."""
    if value is None or (isinstance(value, str) and value.strip().lower() in ("none", "unclear")):
        return None
    return expect.boolean(value, what=what)


def verdict(a: list[float], b: list[float], lower_is_better: bool) -> bool | None:
    """The rule: every run better, every run worse, or neither."""
    if not lower_is_better:
        a, b = [-v for v in a], [-v for v in b]
    return True if max(a) < min(b) else False if min(a) > max(b) else None


def judged(student: Student, a: list[float], b: list[float], lower_is_better: bool, message: str, hint: str) -> None:
    """clearly_better gives what the rule says."""
    got = said(student.clearly_better(a, b, lower_is_better), "what clearly_better returns")
    expect.true(got is verdict(a, b, lower_is_better), message, hint)


@check(item="s001-2.2.3a", points=2)
def a_clear_difference_needs_separate_ranges(student: Student, draw: Draw) -> None:
    """Overlapping ranges are no clear difference, however far the means lie apart; separate ranges are."""
    for n, m in ((3, 3), (4, 2), (1, 5)):
        low = [draw.uniform(0.1, 0.4) for _ in range(n)]
        high = [draw.uniform(0.5, 0.9) for _ in range(m)]
        judged(
            student, low, high, True, "All runs of one kind are lower, yet the answer is not True.", "compare all runs"
        )
        judged(
            student,
            high,
            low,
            True,
            "All runs of one kind are higher, yet the answer is not False.",
            "compare all runs",
        )
        hint = "the worst run of one against the best run of the other: means, and single runs, do not decide"
        for mixed in ([*low, 0.95], [*(v - 0.09 for v in low), 0.55 + draw.uniform(0, 0.04)]):
            across = [*high, 0.52]
            judged(student, mixed, across, True, "The ranges overlap, yet a difference is called clear.", hint)
            judged(student, across, mixed, True, "The ranges overlap, yet a difference is called clear.", hint)
    many, far = [*(0.1 + 0.001 * k for k in range(19)), 0.55], [0.5, *(0.9 + 0.001 * k for k in range(19))]
    wide, near = [0.1, 0.45, 0.45], [0.5, 0.5, 0.9]
    hint = "the worst run of one against the best run of the other: a mean and a spread around it do not decide"
    for lower in (True, False):
        judged(student, many, far, lower, "One run in twenty overlaps, yet a difference is called clear.", hint)
        judged(student, wide, near, lower, "The ranges are wide but separate, yet no difference is called clear.", hint)


@check(item="s001-2.2.3a", points=1)
def a_clear_difference_has_a_direction(student: Student, draw: Draw) -> None:
    """For a share of right words, higher is better, and 0 is a share, too; the lists stay as they were."""
    for least in (0.0, 0.1, 0.2):
        low, high = ([draw.uniform(*ends) for _ in range(3)] for ends in ((0.2, 0.5), (0.6, 0.9)))
        low[1] = least
        hint = "a loss should be low, a share of right words high: that is the third argument"
        for a, b in ((high, low), (low, high)):
            for lower in (False, True):
                judged(student, a, b, lower, "The direction is wrong.", hint)
        after = student.with_inputs("clearly_better", high, low, False)[1]
        expect.unharmed([high, low], after[:2], what="a list of runs")


@check(item="s001-2.2.3a", points=1)
def touching_ranges_are_not_clear(student: Student, draw: Draw) -> None:
    """Equal runs, and ranges that meet in one value, are no clear difference in either direction; a hair between is."""
    shared = draw.uniform(0.4, 0.6)
    low, high = [shared, shared - 0.2, shared - 0.1], [shared + 0.3, shared, shared + 0.1]
    for a, b in ((low, high), (high, low), ([shared] * 3, [shared] * 3)):
        for lower in (True, False):
            hint = "better means strictly better"
            judged(student, a, b, lower, "The ranges touch, yet a difference is called clear.", hint)
    below, above = [0.5, 0.3, 0.4], [0.8, 0.50001, 0.6]
    told, hint = "The ranges do not touch, yet no difference is called clear.", "compare as is: no margin, no rounding"
    for a, b in ((below, above), (above, below)):
        for lower in (True, False):
            judged(student, a, b, lower, told, hint)


@check(item="s001-2.2.3a", points=2)
def sizes_are_matched_and_reported(student: Student, draw: Draw) -> None:
    """The table holds the models' true parameter counts, within 10 % of one another, and their ratio."""
    counts = {}
    for kind in KINDS:
        found = {sum(p.numel() for p in weights_of(student, kind, seed).values()) for seed in range(SEEDS)}
        expect.true(len(found) == 1, f"The three models of kind {kind} are not of the same size.")
        counts[kind] = found.pop()
        results = student.value("results")
        entry = results.get(kind) if isinstance(results, dict) else None
        if not isinstance(entry, dict) or "parameters" not in entry:
            raise Feedback(f"results[{kind!r}]['parameters'] is missing.")
        got = expect.number(entry["parameters"], what=f"results[{kind!r}]['parameters']")
        hint = "every number that training can change, of one model: count_parameters"
        expect.close(got, counts[kind], what=f"the parameter count of {kind}", rtol=1e-9, hint=hint)
    for kind in KINDS[1:]:
        ratio = counts[kind] / counts["encoder_decoder"]
        expect.true(0.9 <= ratio <= 1.1, "The sizes differ by more than 10 %: this comparison is not fair.")
    ratio = counts["decoder_only"] / counts["encoder_decoder"]
    got = expect.number(student.value("parameter_ratio"), what="parameter_ratio")
    expect.close(got, ratio, what="parameter_ratio", rtol=3e-3, hint="the decoder-only model's count over the other's")


def _apart(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    """Whether these are weights of two runs: those of two seeds lie further from each other than from zero."""
    name = "output.weight"
    if name not in one or name not in other or one[name].shape != other[name].shape:
        return bool(evaluation.digest(one) != evaluation.digest(other))
    return float((one[name] - other[name]).detach().norm()) > 0.05 * float(one[name].detach().norm())


@check(item="s001-2.2.3a", points=1, training=TRAINING)
def three_seeds_are_three_runs(student: Student, draw: Draw) -> None:
    """The three runs of a kind are three different ones, in the models and in the table, and training has moved every
    weight from where `build` puts it."""
    for kind in KINDS:
        trained = [weights_of(student, kind, seed) for seed in range(SEEDS)]
        for one, other in itertools.combinations(trained, 2):
            expect.true(_apart(one, other), f"Two of the three models of kind {kind} are one and the same.")
        for seed, weights in enumerate(trained):
            first = student.build(kind, seed)
            start = first.parameters() if isinstance(first, Handle) else {}
            asleep = [name for name, value in weights.items() if name in start and torch.equal(value, start[name])]
            told = f"In the models of kind {kind}, training has not changed some of the parameters."
            hint = "a gradient has to reach every part: no .data and no detach on the way"
            expect.true(not asleep, told, hint, ", ".join(asleep[:3]))
        losses = set(table_of(student, kind, "loss"))
        hint = "one entry per seed: a single run says nothing about how far two runs of one model differ"
        expect.true(len(losses) == SEEDS, f"results[{kind!r}]['loss'] does not hold three different runs.", hint)


@check(item="s001-2.2.3a", points=2, training=TRAINING)
def reported_losses_can_be_measured_again(student: Student, draw: Draw) -> None:
    """The losses of the table are those of the models that were handed in, on the words that were kept back."""
    table = {kind: table_of(student, kind, "loss") for kind in KINDS}
    again = measured(student, "validation", exact=False)
    for kind, got in table.items():
        want = [found.loss for found in again[kind]]
        hint = "per token, of the weights that were kept (the best epoch, not the last), in the order of the seeds, "
        hint += "each kind under its own mask; if you changed something after training, run the notebook from the top"
        expect.close(got, want, what=f"results[{kind!r}]['loss']", rtol=0.01, hint=hint)


@check(item="s001-2.2.3a", points=2, training=TRAINING)
def reported_words_can_be_counted_again(student: Student, draw: Draw) -> None:
    """The shares of right words in the table are those of the models that were handed in."""
    table = {kind: table_of(student, kind, "exact") for kind in KINDS}
    again = measured(student, "validation")
    for kind, got in table.items():
        pairs = [(g, found.exact) for g, found in zip(got, again[kind], strict=True)]
        hint = "whole words, written by the model itself, as a share from 0 to 1, one per seed"
        for mine, ours in pairs:
            if ours == ours:  # NaN: not measured again
                expect.close(mine, ours, what=f"results[{kind!r}]['exact']", rtol=0.0, atol=0.01, hint=hint)


@check(item="s001-2.2.3a", points=2, training=TRAINING)
def unseen_words_surprise_little(student: Student, draw: Draw) -> None:
    """On words in none of your lists, the loss of each kind is below a bar from our own runs, and far below unigram."""
    pairs = tuple(evaluation.hidden_pairs())
    baseline = unigram_loss(Pairs(load_pairs("small").train, pairs))
    for kind, runs in measured(student, "hidden", exact=False).items():
        loss = statistics.median(found.loss for found in runs)
        bar = calibrated(__file__, f"loss_{kind}")
        hint = "is it trained for all epochs (full profile), and under the mask that it is used with?"
        told = f"The middle one of your three runs of {kind} is more surprised by unseen words than any of ours."
        expect.true(bar.met_by(loss) and loss < baseline, told, hint, f"loss {loss:.4f}, bar {bar.threshold:.4f}")


@check(item="s001-2.2.3a", points=2, training=TRAINING)
def unseen_words_are_translated(student: Student, draw: Draw) -> None:
    """Of words in none of your lists, each kind writes a share right in every letter that our own runs reach, too."""
    for kind, runs in measured(student, "hidden").items():
        share = statistics.median(found.exact for found in runs if found.exact == found.exact)
        bar = calibrated(__file__, f"exact_{kind}")
        hint = "is it trained for all epochs (full profile)? low loss, few right words: it saw what it should say"
        told = f"The middle one of your three runs of {kind} writes fewer unseen words right than any of ours."
        expect.true(bar.met_by(share), told, hint, f"share {share:.3f}, bar {bar.threshold:.3f}")


@check(item="s001-2.2.3a", points=2, training=TRAINING)
def claims_follow_from_the_own_table(student: Student, draw: Draw) -> None:
    """Each claim is what the rule says about the numbers of your own table."""
    claims = student.value("claims")
    for key in ("loss", "exact"):
        entry = claims.get(key) if isinstance(claims, dict) else None
        for one, other in ((KINDS[1], KINDS[0]), (KINDS[2], KINDS[0]), (KINDS[2], KINDS[1])):
            name = f"{one}_beats_{other}"
            if not isinstance(entry, dict) or name not in entry:
                raise Feedback(f"claims[{key!r}][{name!r}] is missing.")
            got = said(entry[name], f"claims[{key!r}][{name!r}]")
            want = verdict(table_of(student, one, key), table_of(student, other, key), key == "loss")
            hint = "apply the rule to your own numbers; what another report found does not matter here"
            expect.true(got is want, f"Your table does not say what claims[{key!r}][{name!r}] says.", hint)
    _learned(student, draw)


def _learned(student: Student, draw: Draw) -> None:
    """Stop here when a model, drawn by chance, has learned nothing: a table of such models tells nothing."""
    kind, seed = draw.choice(KINDS), draw.integer(0, SEEDS - 1)
    weights = weights_of(student, kind, seed)
    way = forwards.PLAN if kind == KINDS[0] else kind_of(student, kind, weights_of(student, kind, 0))
    if way == forwards.PLAN:
        found = from_weights(kind, weights, "validation")
    else:
        found = by_forward(way, weights, kind == "prefix", evaluation.validation_pairs(), False)
    told = f"A model of kind {kind} has learned nothing, so nothing follows from a table about it."
    expect.true(found.loss < unigram_loss(load_pairs("small")), told, MODELS, f"loss {found.loss}")
