"""Hidden checks: masked language modelling (s004-1.09)."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Feedback, Student, check, expect

VOCABULARY, MASK, MARKS = 60, 4, [0, 1, 2, 3, 4]
KNOWN = {"mask_id": MASK, "vocab_size": VOCABULARY, "special_ids": MARKS}


def text(draw: Draw, rows: int = 300, columns: int = 50) -> torch.Tensor:
    """Ids of words, framed by marks, with padding at the end of each third row."""
    ids = 5 + (draw.array(rows, columns) * 1e6).astype(int) % (VOCABULARY - 5)
    found = torch.from_numpy(ids)
    found[:, 0], found[:, -1] = 2, 3
    found[::3, -8:] = 0
    return found


def masked(student: Student, ids: torch.Tensor, p: float, seed: int, **known: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """(inputs, labels), int64 of the right shape. Raises Feedback otherwise."""
    got = student.mlm_batch(ids, p, student.generator(seed), **{**KNOWN, **known})
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        raise Feedback("mlm_batch does not return (inputs, labels).")
    parts = []
    for part, what in zip(got, ("inputs", "labels"), strict=True):
        expect.shape(part, tuple(ids.shape), what=what)
        expect.true(
            getattr(part, "dtype", torch.int64) in (torch.int64, np.dtype("int64")),
            f"{what} is not int64.",
            "both are ids of words, as ids is: an embedding and a cross-entropy want int64",
        )
        parts.append(torch.from_numpy(expect.array(part, what=what)).long())
    return parts[0], parts[1]


def near(share: float, wanted: float, n: int, message: str, hint: str) -> None:
    """A share of n independent draws lies within five standard deviations."""
    slack = 5 * (wanted * (1 - wanted) / max(n, 1)) ** 0.5 + 1e-9
    expect.true(abs(share - wanted) <= slack, message, hint, f"{share} of {n}")


@check(item="s004-1.09", points=2)
def every_token_has_its_own_coin(student: Student, draw: Draw) -> None:
    """A share p of the words is chosen, in every sentence and at every place alike; all for p = 1, none for p = 0."""
    ids = text(draw)
    words = ~torch.isin(ids, torch.tensor(MARKS))
    for p in (0.15, 0.4):
        labels = masked(student, ids, p, draw.integer(0, 9999))[1]
        chosen = (labels != -100) & words
        near(
            float(chosen.sum() / words.sum()),
            p,
            int(words.sum()),
            "The share of chosen words is not p.",
            "one coin with probability p for each word",
        )
        counts, sizes = chosen.sum(1).double(), words.sum(1).double()
        spread = float(((counts - p * sizes) ** 2 / (sizes * p * (1 - p))).mean())
        expect.true(
            0.5 < spread < 1.6,
            "The number of chosen words varies from sentence to sentence in another way than with one coin per word.",
            "not a coin per sentence, and not a fixed number per sentence",
            str(spread),
        )
        places = chosen.double().sum(0)[1:42] / 300
        expect.true(float(places.std()) < 0.06, "Some places in the sentence are chosen more often than others.")
    few = 5 + torch.arange(12).reshape(2, 6)
    seed = draw.integer(0, 9999)
    expect.true(
        len({int((masked(student, few, 0.3, seed + k)[1] != -100).sum()) for k in range(25)}) > 2,
        "The number of chosen words of a batch is always the same.",
        "p is a probability, not a quota: one coin for each word",
    )
    for p in (0.0, 1.0):
        labels = masked(student, ids[:20], p, 1)[1]
        expect.true(
            bool(((labels != -100) & words[:20]).sum() == p * words[:20].sum()),
            f"With p = {p:g} the choice is certain.",
        )


@check(item="s004-1.09")
def marks_are_never_chosen(student: Student, draw: Draw) -> None:
    """Ids in special_ids keep their place in the inputs and have the label -100, even with p = 1."""
    for marks in (MARKS, [0, 2, 3, 17, 30]):
        ids = text(draw, 60)
        special = torch.isin(ids, torch.tensor(marks))
        inputs, labels = masked(student, ids, 1.0, draw.integer(0, 9999), special_ids=marks)
        expect.true(bool((labels[special] == -100).all()), "A mark has a label: it would be predicted.", "special_ids")
        expect.true(bool((inputs[special] == ids[special]).all()), "A mark was replaced in the inputs.", "special_ids")
        expect.true(
            bool((labels[~special] != -100).all()), "A word was treated as a mark.", "special_ids is a list of ids"
        )


@check(item="s004-1.09", points=2)
def labels_only_where_chosen(student: Student, draw: Draw) -> None:
    """Labels hold the original ids at chosen places and -100 elsewhere; what is not chosen stays in the inputs. Also
    for a single sentence, and for sentences of a single word."""
    ids = text(draw)
    inputs, labels = masked(student, ids, 0.3, draw.integer(0, 9999))
    chosen = labels != -100
    expect.true(
        0.1 < float(chosen.double().mean()) < 0.5,
        "Labels stand at nearly all or at hardly any places.",
        "loss is counted at chosen places only: elsewhere the label is -100",
    )
    expect.true(
        bool((labels[chosen] == ids[chosen]).all()),
        "The label of a chosen word is another word.",
        "the label is the id before it was masked",
    )
    expect.true(bool((inputs[~chosen] == ids[~chosen]).all()), "A word that was not chosen is changed in the inputs.")
    for rows, columns in ((1, 9), (1, 1), (7, 1)):
        ids = 5 + torch.arange(rows * columns).reshape(rows, columns)
        labels = masked(student, ids, 1.0, draw.integer(0, 9999))[1]
        expect.true(bool((labels == ids).all()), "With p = 1 and a single row or column the labels are not the words.")


def clustered(marked: torch.Tensor, among: torch.Tensor, share: float) -> bool:
    """Whether marks vary far more from row to row than with one coin of this share per place."""
    sizes = among.sum(1).double()
    off = (marked & among).sum(1).double() - share * sizes
    return float((off**2).sum() / (sizes * share * (1 - share)).sum()) > 3


@check(item="s004-1.09", points=2)
def eighty_ten_ten(student: Student, draw: Draw) -> None:
    """Of the chosen words, each by itself, 80 % become the mask, 10 % any id of the vocabulary, 10 % stay, whatever
    mask_id is."""
    for mask_id in (MASK, 59):
        ids = text(draw, 600)
        ids = torch.where(ids >= 5, 5 + (ids - 5) // 2, ids)  # the text holds half of the vocabulary only
        inputs, labels = masked(student, ids, 0.5, draw.integer(0, 9999), mask_id=mask_id)
        chosen = labels != -100
        n = int(chosen.sum())
        expect.true(n > 1000, "Hardly any word is chosen at p = 0.5.")
        is_mask, stays = (inputs == mask_id) & chosen, (inputs == ids) & chosen
        other = chosen & ~is_mask & ~stays
        hint = "three cases that exclude each other: draw one number per token and cut it at 0.8 and 0.9"
        # a random id may by chance be the mask or the word itself
        chance = 0.1 / VOCABULARY
        near(float(is_mask.sum()) / n, 0.8 + chance, n, "The share of [MASK] among chosen words is not 80 %.", hint)
        near(
            float(stays.sum()) / n, 0.1 + chance, n, "The share of unchanged words among the chosen is not 10 %.", hint
        )
        expect.true(
            not clustered(is_mask, chosen, 0.8) and not clustered(is_mask.T, chosen.T, 0.8),
            "What becomes of a chosen word hangs on its sentence or its place: whole groups meet the same fate.",
            "one draw per token, not one per sentence",
        )
        for words, known, where in ((inputs, other, "of one sentence"), (inputs.T, other.T, "at one place")):
            pairs = known[:, :-1] & known[:, 1:]
            same = words[:, :-1][pairs] == words[:, 1:][pairs]
            expect.true(
                int(same.sum()) <= 0.5 * len(same) or len(same) < 10,
                f"Random words {where} are the same word.",
                "a random id for each token",
            )
        drawn = set(inputs[other].tolist())
        expect.true(
            drawn == set(range(VOCABULARY)) - {mask_id},
            "Random words do not come from the whole vocabulary, or reach beyond it.",
            "any id from 0 to vocab_size - 1, marks and the last one too, whether the batch holds it or not",
        )
    few, seed = 5 + torch.arange(12).reshape(2, 6), draw.integer(0, 9999)
    expect.true(
        len({int((masked(student, few, 1.0, seed + k)[0] == MASK).sum()) for k in range(25)}) > 2,
        "The number of words that become [MASK] is always the same.",
        "80 % is a probability, not a quota: one draw for each chosen word",
    )


@check(item="s004-1.09")
def all_randomness_comes_from_the_generator(student: Student, draw: Draw) -> None:
    """The same generator state gives the same batch, another one another, whatever the global generators do: other
    places, and another fate of the chosen words."""
    ids, seed = text(draw, 40), draw.integer(0, 9999)
    student.seed(1)
    first = masked(student, ids, 0.3, seed)
    student.seed(2)
    second, third = masked(student, ids, 0.3, seed), masked(student, ids, 0.3, seed + 1)
    for one, two in zip(first, second, strict=True):
        expect.true(
            torch.equal(one, two),
            "The same state of gen gives another batch.",
            "hand generator=gen to every function that draws",
        )
    expect.true(not torch.equal(first[1], third[1]), "Another generator gives the same choice.", "gen is not used")
    words = ~torch.isin(ids, torch.tensor(MARKS))
    one, two = (masked(student, ids, 1.0, seed + k)[0][words] for k in (0, 1))
    expect.true(
        float(((one == MASK) == (two == MASK)).double().mean()) < 0.9,  # independent draws agree on two thirds
        "Another generator masks the same ones of the chosen words.",
        "gen is for this draw too",
    )
    drawn = (one != MASK) & (one != ids[words]) & (two != MASK) & (two != ids[words])
    expect.true(
        int(drawn.sum()) < 5 or float((one == two)[drawn].double().mean()) < 0.5,
        "Another generator gives the same random words.",
        "gen is for this draw too",
    )


@check(item="s004-1.09")
def the_ids_of_the_caller_stay(student: Student, draw: Draw) -> None:
    """ids is bit for bit what it was; the same generator, used on, gives another batch."""
    ids = text(draw, 30)
    gen = student.generator(draw.integer(0, 9999))
    first, after = student.with_inputs("mlm_batch", ids, 0.5, gen, **KNOWN)
    expect.unharmed(ids, after[0], what="ids")
    second = student.mlm_batch(ids, 0.5, gen, **KNOWN)
    one, two = (
        expect.array(got[0] if isinstance(got, (tuple, list)) and got else got, what="inputs")
        for got in (first, second)
    )
    expect.true(
        one.shape != two.shape or bool((one != two).any()),
        "Each epoch hides the same words.",
        "do not set the generator back: its state moves on",
    )


@check(item="s004-1.09")
def targets_of_both_kinds_are_counted(student: Student, draw: Draw) -> None:
    """signal_ratio is the number of left-to-right targets over the mean number of masked ones, for any n and p."""
    for n in (2, draw.integer(20, 90), 512):
        for p in (0.15, 0.4):
            expect.close(
                student.signal_ratio(n, p),
                (n - 1) / (p * n),
                what=f"signal_ratio({n}, {p})",
                rtol=1e-6,
                hint=("n tokens: n - 1 of them have something before them; p n of them are chosen on average"),
            )
        expect.close(student.signal_ratio(n), (n - 1) / (0.15 * n), what=f"signal_ratio({n})", rtol=1e-6)
