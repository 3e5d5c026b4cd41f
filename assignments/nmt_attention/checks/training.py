"""Hidden checks of the trained translators: the table, the weights behind it, and what is claimed about it."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

from autograder.judge import Draw, Feedback, Student, calibrated, check, expect

from . import reference_translators as training

TRAINING = 120.0  # CPU seconds of the twelve runs
# A table that is copied by hand has four decimals, or three digits.
_ATOL, _RTOL = 6e-5, 2e-3


# --- s001-2.1.4a -----------------------------------------------------------


@check(item="s001-2.1.4a", training=TRAINING)
def table_has_the_four_configurations(student: Student, draw: Draw) -> None:
    """val_table has a loss of its own for each width and set, below that of a blind guess."""
    table = training.table_of(student)
    expect.true(len(set(table.values())) == 4, "Two entries of val_table are the very same.", "one entry per key")
    for configuration, loss in table.items():
        expect.true(
            loss < math.log(30),
            f"val_table[{configuration}] is no better than a blind guess.",
            "was this model trained, and is it a loss per letter?",
        )


@check(item="s001-2.1.4a", points=2, training=TRAINING)
def table_averages_the_lowest_losses(student: Student, draw: Draw) -> None:
    """Each entry is the mean, over its seeds, of the lowest validation loss of each run."""
    runs, table = training.runs_of(student), training.table_of(student)
    for configuration, chosen in runs.items():
        lowest = [min(run.validation_losses) for run in chosen]
        mean = sum(lowest) / len(lowest)
        if abs(table[configuration] - mean) > _ATOL + _RTOL * mean:
            raise Feedback(
                f"val_table[{configuration}] is not the mean over its seeds of the lowest validation losses.",
                "the lowest of all rounds, not the last; the mean over seeds, not the best; the right key",
                f"got {table[configuration]}, lowest {lowest}",
            )
    training.learned(student, draw)


@check(item="s001-2.1.4a", training=TRAINING)
def every_run_is_a_run_of_its_own(student: Student, draw: Draw) -> None:
    """Twelve runs with histories of their own, training and validation losses for each round, that learned."""
    seen: dict[tuple[float, ...], str] = {}
    for chosen in training.runs_of(student).values():
        outputs = [training.output_of(run) for run in chosen]
        for (one, run), (other, twin) in combinations(zip(outputs, chosen, strict=True), 2):
            expect.true(
                one.shape != other.shape or float((one - other).norm()) > 0.05 * float(one.norm()),
                f"{run.name.capitalize()} and {twin.name} have the same weights.",
                "each seed is a run of its own: another start, another order of the words",
            )
        for run in chosen:
            expect.true(
                len(run.train_losses) == len(run.validation_losses),
                f"{run.name.capitalize()} has not as many training as validation losses.",
                "one of each per round",
            )
            expect.true(
                min(run.validation_losses) < run.validation_losses[0],
                f"{run.name.capitalize()} never got better.",
                "fewer rounds than the recipe has?",
            )
            same = seen.setdefault(run.validation_losses, run.name)
            expect.true(
                same == run.name,
                f"{run.name.capitalize()} is the same as {same}.",
                "each seed is a run of its own: another start, another order of the words",
            )


@check(item="s001-2.1.4a", points=3, training=TRAINING)
def trained_weights_give_the_losses_of_their_runs(student: Student, draw: Draw) -> None:
    """Put into a model here, the weights of each run reach its lowest validation loss on the validation words."""
    for chosen in training.runs_of(student).values():
        for run in chosen:
            loss = training.loss(student, draw, run, "validation")
            if not training.fits(run, loss):
                raise Feedback(
                    f"The weights of {run.name} do not give the lowest loss of its history.",
                    "do the checkpoint and the history belong to the same run, and are the weights those of "
                    "its best round? Delete the checkpoint and train again",
                    f"loss {loss}, told {min(run.validation_losses)}",
                )


@check(item="s001-2.1.4a", points=2, training=TRAINING)
def losses_hold_on_words_never_seen(student: Student, draw: Draw) -> None:
    """On words that are in no list of the course, the loss of each configuration is about its validation loss."""
    for (hidden, data), chosen in training.runs_of(student).items():
        unseen = [training.loss(student, draw, run, "unseen") for run in chosen]
        told = [min(run.validation_losses) for run in chosen]
        ratio = (sum(unseen) / len(unseen) + 0.01) / (sum(told) / len(told) + 0.01)
        bar = calibrated(__file__, f"unseen_ratio_{hidden}_{data}")
        expect.true(
            bar.met_by(ratio),
            f"On new words the loss of {training.named((hidden, data))} is far above its validation loss.",
            "were validation words used in training?",
            f"ratio {ratio}, bar {bar.threshold}",
        )


@check(item="s001-2.1.4a", points=2, training=TRAINING)
def twice_the_width_lowers_the_loss(student: Student, draw: Draw) -> None:
    """On both sets, width 64 has the lower loss in most seeds and on average, measured here from your weights."""
    runs = training.runs_of(student)
    for data in ("small", "large"):
        narrow, wide = (
            [training.loss(student, draw, run, "validation") for run in runs[hidden, data]] for hidden in (32, 64)
        )
        wins = sum(b < a for a, b in zip(narrow, wide, strict=False))
        mean = sum(wide) / len(wide) < sum(narrow) / len(narrow)
        enough = 3 * wins >= 2 * min(len(narrow), len(wide))
        expect.true(
            mean and enough,
            f"On the {data} set, your models of width 64 are no better than those of width 32.",
            "does each key hold the model that it names, and was each trained to the end?",
            f"{narrow} against {wide}",
        )


@check(item="s001-2.1.4a", points=2, training=TRAINING)
def new_words_are_translated(student: Student, draw: Draw) -> None:
    """A model of width 64 translates enough words that it has never seen, right in every letter."""
    for (hidden, data), chosen in training.runs_of(student).items():
        if hidden != 64:
            continue
        share = training.right(student, draw, chosen[0])
        bar = calibrated(__file__, f"words_right_64_{data}")
        expect.true(
            bar.met_by(share),
            f"Of new words, your models of width 64 trained on the {data} set translate too few.",
            "were they trained with the full profile, to the end, and are the attention layers right?",
            f"share {share}, bar {bar.threshold}",
        )


# --- s001-2.1.4b -----------------------------------------------------------


def _claim(student: Student, name: str) -> Any:
    """True, False, or None for no clear effect. Raises Feedback for anything else."""
    claims = student.value("claims")
    if not isinstance(claims, dict) or name not in claims:
        raise Feedback(f"claims has no entry {name}.", "claims is a dict with five keys")
    said = claims[name]
    if isinstance(said, str) and said.strip().lower().rstrip(".") in ("no clear effect", "unclear"):
        return None
    return expect.boolean(said, what=f"claims[{name!r}]")


def _compare(student: Student, draw: Draw, name: str, better: tuple[int, str], worse: tuple[int, str]) -> None:
    """The claim that `better` has the lower loss of the two."""
    table, said = training.table_of(student, (better, worse)), _claim(student, name)
    holds = table[better] < table[worse]
    if said is None:
        runs = training.runs_of(student)
        lows = {c: [min(run.validation_losses) for run in runs[c]] for c in (better, worse)}
        low, high = (better, worse) if holds else (worse, better)
        expect.true(
            max(lows[low]) > min(lows[high]),
            f"{name}: the effect is clear in your runs.",
            "every seed of one configuration beats every seed of the other",
        )
    else:
        expect.true(
            said == holds,
            f"{name}: your own table says the opposite.",
            f"compare val_table[{better}] with val_table[{worse}]; a lower loss is better",
        )
    training.learned(student, draw)


@check(item="s001-2.1.4b", training=TRAINING)
def width_claim_on_small_fits_the_table(student: Student, draw: Draw) -> None:
    """What you claim about width on the small set is what your own table shows."""
    _compare(student, draw, "hidden_helps_small", (64, "small"), (32, "small"))


@check(item="s001-2.1.4b", training=TRAINING)
def width_claim_on_large_fits_the_table(student: Student, draw: Draw) -> None:
    """What you claim about width on the large set is what your own table shows."""
    _compare(student, draw, "hidden_helps_large", (64, "large"), (32, "large"))


@check(item="s001-2.1.4b", training=TRAINING)
def data_claim_at_32_fits_the_table(student: Student, draw: Draw) -> None:
    """What you claim about more words at width 32 is what your own table shows."""
    _compare(student, draw, "data_helps_32", (32, "large"), (32, "small"))


@check(item="s001-2.1.4b", training=TRAINING)
def data_claim_at_64_fits_the_table(student: Student, draw: Draw) -> None:
    """What you claim about more words at width 64 is what your own table shows."""
    _compare(student, draw, "data_helps_64", (64, "large"), (64, "small"))


@check(item="s001-2.1.4b", training=TRAINING)
def gap_claim_fits_the_table(student: Student, draw: Draw) -> None:
    """What you claim about the gap between the two sets is what your own table shows."""
    table, said = training.table_of(student), _claim(student, "gap_shrinks")
    gaps = {hidden: abs(table[hidden, "small"] - table[hidden, "large"]) for hidden in (32, 64)}
    expect.true(said is not None, "gap_shrinks is True or False.", "there is one gap per width: compare the two")
    expect.true(
        said == (gaps[64] < gaps[32]),
        "gap_shrinks: your own table says the opposite.",
        "the gap is the distance between the losses on the small and on the large set, without sign",
    )
    training.learned(student, draw)
