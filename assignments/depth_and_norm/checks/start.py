"""Hidden checks of the start: variance of logits, the repaired model, the gradient at the logits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from autograder.judge import Draw, Handle, Student, check, expect

from . import shared

_SUMS = "each of the d products has a variance; variances of independent terms add up"


@check(item="s003-9i", points=2)
def variance_of_logits_is_that_of_a_sum(student: Student, draw: Draw) -> None:
    """The variance is right for generic widths, and for standard deviations below and above 1."""
    for d, low, high in ((7, 0.05, 0.3), (512, 0.05, 1.7), (100, 0.06, 0.09), (7, 1.2, 1.8)):
        std = draw.uniform(low, high)
        got = expect.number(student.logit_variance(d, std), what="logit_variance(d, std)")
        # what a simulation with some ten thousand draws gives is right, too
        expect.close(got, d * std * std, what="logit_variance(d, std)", hint=_SUMS, rtol=0.05, atol=0.0)


@check(item="s003-9i")
def unit_weights_and_unit_logits(student: Student, draw: Draw) -> None:
    """At standard deviation 1 the variance grows like the width; at one over its root it is 1 at any width."""
    for d in (draw.integer(20, 40), draw.integer(600, 900)):
        got = expect.number(student.logit_variance(d, 1.0), what="logit_variance(d, 1)")
        expect.close(got, d, what="logit_variance(d, 1)", hint=_SUMS, rtol=0.05, atol=0.0)
        got = expect.number(student.logit_variance(d, d**-0.5), what="logit_variance")
        expect.close(got, 1.0, what="logit_variance(d, 1 / sqrt(d))", hint=_SUMS, rtol=0.05, atol=0.0)


@check(item="s003-9i")
def cause_is_the_tied_head(student: Student, draw: Draw) -> None:
    """The cause that is chosen explains a loss that is too large before the first step."""
    expect.true(
        shared.chosen(student, "s003-9i", offered="abcde") == {"c"},
        "What you chose is not the cause, or not alone.",
        "the loss is large before any step, without padding, and grows with the width: what is it that grows?",
    )


# --- s003-9ii ----------------------------------------------------------------

WORDS, PLACES = 211, 9


def _built(student: Student, draw: Draw, width: int, words: int = WORDS, places: int = PLACES) -> Handle:
    student.seed(draw.integer(0, 9999))
    model = expect.handle(student.build(words, places, width), what="what build returns", hint="a module")
    return model.turned("eval")


def _ids(draw: Draw, rows: int, columns: int, words: int = WORDS) -> torch.Tensor:
    return torch.tensor([[draw.integer(0, words - 1) for _ in range(columns)] for _ in range(rows)])


def _scores(model: Handle, draw: Draw, width: int, rows: int = 100, words: int = WORDS) -> Any:
    hidden = draw.tensor(rows, width, dtype=torch.float32)
    return expect.numbers(model.method("logits", hidden), (rows, words), what="the logits")


def _tables(model: Handle, words: int, width: int) -> dict[str, torch.Tensor]:
    """The matrices that have a row, or a column, for each word: one, where head and embedding are tied."""
    return {name: value for name, value in model.parameters().items() if sorted(value.shape) == sorted((words, width))}


@check(item="s003-9ii", points=2)
def logits_start_with_variance_near_one(student: Student, draw: Draw) -> None:
    """For hidden states of variance 1 the logits have a variance near 1, at widths of 128 and of 768."""
    for width in (128, 768):
        variance = float(_scores(_built(student, draw, width), draw, width).var())
        hint = "the head is the embedding of the words: by what do its numbers have to be smaller at this width?"
        expect.true(0.02 < variance < 4, "The variance of the logits is far from 1.", hint, f"{variance} at {width}")


@check(item="s003-9ii")
def variance_holds_at_every_width(student: Student, draw: Draw) -> None:
    """The variance of the logits is near 1 for narrow and for wide models alike, with few words or with many: the
    scale follows the width, and nothing else."""
    for width, words, places in ((64, WORDS, PLACES), (512, 90, PLACES), (2048, 60, PLACES), (64, 2000, 900)):
        variance = float(_scores(_built(student, draw, width, words, places), draw, width, 40, words).var())
        hint = "one number for all widths cannot do: the variance is a sum over the width, and over nothing else"
        expect.true(0.25 < variance < 3, "The variance of the logits depends on the width.", hint, f"{variance}")


@check(item="s003-9ii")
def first_loss_is_near_a_shrug(student: Student, draw: Draw) -> None:
    """The first loss is near that of equal probabilities, ln V, and no constant is what makes it so."""
    scores = torch.from_numpy(_scores(_built(student, draw, 320), draw, 320))
    right = torch.tensor([draw.integer(0, WORDS - 1) for _ in range(len(scores))])
    loss = float(functional.cross_entropy(scores, right))
    expect.true(
        loss < math.log(WORDS) + 1.5, "The first loss is far above ln V.", "how large are the logits?", f"{loss}"
    )
    expect.true(float(scores.std()) > 1e-3, "All logits are the same: nothing is drawn.")


@check(item="s003-9ii")
def head_and_embedding_stay_one_matrix(student: Student, draw: Draw) -> None:
    """The head is still tied to the embedding: the model has one matrix of that shape, and the logits come from it."""
    model = _built(student, draw, 48)
    tables = [value for value in model.parameters().values() if tuple(value.shape) in ((WORDS, 48), (48, WORDS))]
    hint = "change the numbers of the matrix in place; a new matrix for one of the two breaks the tie"
    expect.true(len(tables) == 1, "Head and embedding are not one matrix any more.", hint)
    hidden = draw.tensor(40, 48, dtype=torch.float32)
    scores = expect.numbers(model.method("logits", hidden), (40, WORDS), what="the logits")
    table = tables[0].detach().double()
    table = table if table.shape == (WORDS, 48) else table.T
    plain = (hidden.double() @ table.T).numpy()
    fit = float((scores * plain).sum() / (plain * plain).sum())
    off = np.abs(scores - fit * plain).max()
    expect.true(bool(off < 0.05 * np.abs(scores).max() + 1e-6), "The logits do not come from the embedding.", hint)


@check(item="s003-9ii")
def training_moves_head_and_embedding(student: Student, draw: Draw) -> None:
    """The matrix of the words is trained, and when its numbers change, head and embedding both follow."""
    model = _built(student, draw, 24)
    tables = _tables(model, WORDS, 24)
    hint = "nn.Embedding.from_pretrained freezes what it is given, and so does requires_grad_(False)"
    free = [bool(getattr(model.method("get_parameter", name), "requires_grad", False)) for name in tables]
    expect.true(bool(free) and all(free), "The matrix of the words is not trained.", hint)
    hidden, ids = draw.tensor(5, 24, dtype=torch.float32), _ids(draw, 5, 4)
    learns = getattr(model.method("logits", hidden), "requires_grad", True)
    expect.true(bool(learns), "No gradient comes back from the logits.", "is something detached, or under no_grad?")

    def both() -> tuple[Any, Any]:
        scores = expect.numbers(model.method("logits", hidden), (5, WORDS), what="the logits")
        return scores, expect.numbers(model.method("embed_raw", ids), (5, 4, 24), what="embed_raw(tokens)")

    before = both()
    new = draw.tensor(WORDS, 24, scale=0.2, dtype=torch.float32)
    turned = {name: new if value.shape == new.shape else new.T for name, value in tables.items()}
    model.load({**model.parameters(), **turned})
    for was, now, part in zip(before, both(), ("head", "embedding"), strict=True):
        hint = "is there a copy of it, made when the model was built?"
        expect.true(bool(np.abs(now - was).max() > 1e-3), f"The {part} does not follow the matrix.", hint)


@check(item="s003-9ii")
def each_model_is_drawn_anew(student: Student, draw: Draw) -> None:
    """Two models have other numbers, and within one, words and positions have."""
    one = _built(student, draw, 20)
    two = expect.handle(student.build(WORDS, PLACES, 20), what="what build returns", hint="a module").turned("eval")
    ids = torch.tensor([[1, 0]])
    rows, others = (
        expect.numbers(model.method("embed_raw", ids), (1, 2, 20), what="embed_raw") for model in (one, two)
    )
    hint = "a seed that build sets itself makes all models alike, and so does a model that is kept"
    expect.true(bool(np.abs(rows - others).max() > 1e-6), "Two calls of build give the same numbers.", hint)
    twice = float(np.abs(rows[0, 0] - rows[0, 1]).max())  # word 1 at place 0, and word 0 at place 1
    expect.true(twice > 1e-5, "Words and positions are drawn alike.", "each table needs numbers of its own")


@check(item="s003-9ii")
def words_and_positions_share_the_sum(student: Student, draw: Draw) -> None:
    """Below the norm, neither the word nor its position drowns the other."""
    for width in (96, 512):
        model = _built(student, draw, width)
        ids = _ids(draw, 12, PLACES)
        raw = expect.numbers(model.method("embed_raw", ids), (12, PLACES, width), what="embed_raw(tokens)")
        same = ids.clone()
        same[:] = ids[0, 0]
        places = expect.numbers(model.method("embed_raw", same), raw.shape, what="embed_raw(tokens)")
        of_places = float(places[0].var(axis=0).mean())
        of_words = float(raw.var(axis=0).mean())
        share = of_words / max(of_words + of_places, 1e-30)
        hint = "which of the two tables still has its old scale?"
        expect.true(0.1 < share < 0.9, "Below the norm, words or positions are drowned by the other.", hint, f"{share}")


@check(item="s003-9ii")
def what_the_norm_gives_is_of_unit_size(student: Student, draw: Draw) -> None:
    """What the first layer gets is the sum of word and position with mean 0 and a standard deviation near 1, and it
    depends on its words."""
    for width in (128, 1024):
        model = _built(student, draw, width, words=60)
        ids = _ids(draw, 5, PLACES, words=60)
        low = expect.numbers(model.method("embed", ids), (5, PLACES, width), what="embed(tokens)")
        hint = "numbers below the root of eps are too small for LayerNorm: its eps then counts as much as they do"
        expect.true(0.8 < float(low.std()) < 1.2, "What LayerNorm gives is not of unit size.", hint, f"{low.std()}")
        expect.true(abs(float(low.mean())) < 0.1, "The mean of what LayerNorm gives is not 0.", hint, f"{low.mean()}")
        raw = expect.numbers(model.method("embed_raw", ids), low.shape, what="embed_raw(tokens)")
        alike = float(np.corrcoef(raw.ravel(), low.ravel())[0, 1]) if raw.std() > 0 else 1.0  # nothing: others say so
        expect.true(alike > 0.9, "What the first layer gets is not the normalised sum of word and position.",
                    "word and position are added first, then the norm follows", f"{alike}")  # fmt: skip
        expect.true(
            bool(np.abs(low[0] - low[1]).max() > 0.1), "What the first layer gets does not depend on the words."
        )


@check(item="s003-9ii")
def there_is_a_place_for_each_position(student: Student, draw: Draw) -> None:
    """Sequences of max_len words can be embedded, and each position has a vector of its own."""
    model = _built(student, draw, 16, words=30, places=50)
    ids = torch.full((1, 50), draw.integer(0, 29))
    raw = expect.numbers(model.method("embed_raw", ids), (1, 50, 16), what="embed_raw of max_len words")
    apart = np.abs(raw[0][:, None] - raw[0][None]).max(-1) + np.eye(50)
    expect.true(bool(apart.min() > 1e-6), "Two positions have the same vector.", "a row of emb_pos for each position")


# --- s003-9iii ---------------------------------------------------------------


def _batch(draw: Draw, rows: int, words: int, scale: float = 1.0) -> tuple[shared.Array, Any]:
    return draw.array(rows, words, scale=scale), np.array([draw.integer(0, words - 1) for _ in range(rows)])


def _slopes(z: shared.Array, y: Any) -> shared.Array:
    t = torch.from_numpy(z.copy()).requires_grad_(True)
    loss = functional.cross_entropy(t, torch.from_numpy(y), reduction="sum")
    return torch.autograd.grad(loss, t)[0].numpy()


@check(item="s003-9iii", points=2)
def gradient_is_that_of_autograd(student: Student, draw: Draw) -> None:
    """Each row is the gradient of its own loss, as autograd has it."""
    for rows, words in ((4, 3), (2, 7)):
        z, y = _batch(draw, rows, words, scale=1.5)
        hint = "probabilities minus a one at the right word; each row's own loss, no mean over rows"
        expect.close(student.ce_grad(z, y), _slopes(z, y), what="ce_grad(logits, y)", hint=hint, rtol=1e-5)


@check(item="s003-9iii")
def sure_and_wrong_has_a_long_gradient(student: Student, draw: Draw) -> None:
    """Where the model is sure of a wrong word the gradient is long, and where it is sure of the right one it is 0."""
    z = np.zeros((2, 3))
    z[:, 0] = 60 + draw.uniform(0, 5)
    got = expect.numbers(student.ce_grad(z, np.array([1, 0])), (2, 3), what="ce_grad of sure logits")
    hint = "the slope of the softmax is tiny there, but it is divided by a probability that is as tiny"
    expect.true(bool(np.linalg.norm(got[0]) > 1.3), "A model that is sure and wrong gets a short gradient.", hint)
    expect.close(got, _slopes(z, np.array([1, 0])), what="ce_grad of sure logits", hint=hint, rtol=1e-6)


@check(item="s003-9iii")
def large_logits_have_finite_gradients(student: Student, draw: Draw) -> None:
    """Logits of several thousand, of either sign, give finite and right gradients."""
    for shift in (0.0, 5000.0, -5000.0):
        z, y = _batch(draw, 3, 5, scale=2.0)
        z = z + shift
        if not shift:
            z *= 800.0
        hint = "a common shift of a row changes no probability: take the largest logit off first"
        expect.close(student.ce_grad(z, y), _slopes(z, y), what="ce_grad of large logits", hint=hint, rtol=1e-5)


@check(item="s003-9iii")
def rows_of_the_gradient_sum_to_zero(student: Student, draw: Draw) -> None:
    """Each row sums to 0, has one negative number, and that at the right word; a single row is a batch, too."""
    for rows in (5, 1):
        z, y = _batch(draw, rows, 4)
        got = expect.numbers(student.ce_grad(z, y), (rows, 4), what="ce_grad(logits, y)")
        expect.close(
            got.sum(axis=1),
            np.zeros(rows),
            what="the sum of each row",
            hint="a shift of all logits changes no loss",
            atol=1e-6,
        )
        hint = "only the right word's logit should be raised by a step against the gradient"
        expect.true(bool(((got < 0).sum(axis=1) == 1).all()), "A row has not exactly one negative number.", hint)
        expect.true(
            bool((got[np.arange(rows), y] < 0).all()), "The negative number does not stand at the right word.", hint
        )


@check(item="s003-9iii")
def gradient_leaves_the_logits_alone(student: Student, draw: Draw) -> None:
    """The arguments stay as they were, another batch in between changes nothing, and float64 keeps its digits."""
    z, y = _batch(draw, 3, 4)
    shared.stays_apart(student, "ce_grad", [z, y], _batch(draw, 2, 6))
    shared.digits(student.ce_grad(z, y), _slopes(z, y), what="ce_grad(logits, y)")


@check(item="s003-9iii")
def gradient_does_not_vanish_at_the_bad_start(student: Student, draw: Draw) -> None:
    """`mc_grad` says what the gradient at the logits is at the bad start."""
    said = expect.letters(student.value("mc_grad"), offered="abcd", what="`mc_grad`")
    hint = "p - y: how long can it be, and how long is it where p is nearly all at one wrong word?"
    expect.true(said == {"b"}, "The gradient at the bad start does not behave like that.", hint)
