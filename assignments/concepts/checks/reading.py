"""Hidden checks of part 3 and 4: reading out, sampling, heads and batches."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import torch

from autograder.judge import Draw, Student, check, expect, properties

from . import shared

# --- s000-2.03-readout -----------------------------------------------------------

_READ = "the last token of a sequence stands at its length minus 1, counted from 0"


def _picked(states: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    return torch.stack([row[n - 1] for row, n in zip(states, lengths.tolist(), strict=True)])


@check(item="s000-2.03-readout", points=2)
def each_sequence_gives_its_last_state(student: Student, draw: Draw) -> None:
    """Each padded sequence gives the state at its own last token."""
    states, lengths = draw.tensor(4, 6, 3), torch.tensor([2, 5, 3, 4])[draw.permutation(4)]
    got = student.read_out(states, lengths)
    expect.close(got, _picked(states, lengths), what="read_out of padded sequences", hint=_READ)


@check(item="s000-2.03-readout")
def full_and_shortest_rows_are_read(student: Student, draw: Draw) -> None:
    """A sequence that fills its row gives the last state, one of a single token the first."""
    states, lengths = draw.tensor(3, 5, 4), torch.tensor([5, 1, 5])
    got = student.read_out(states, lengths)
    expect.close(got, _picked(states, lengths), what="read_out of full rows and of single tokens", hint=_READ)


@check(item="s000-2.03-readout")
def one_sequence_of_one_token_is_read(student: Student, draw: Draw) -> None:
    """A batch of one, with one token and one number."""
    for shape in ((1, 1, 3), (2, 1, 1)):
        states, lengths = draw.tensor(*shape), torch.ones(shape[0], dtype=torch.int64)
        expect.close(
            student.read_out(states, lengths), states[:, 0], what="read_out where an axis has length 1", hint=_READ
        )


@check(item="s000-2.03-readout")
def gradients_reach_what_was_read(student: Student, draw: Draw) -> None:
    """The derivative reaches the states that were read, and no others."""
    states, lengths, out = draw.tensor(3, 4, 2), torch.tensor([4, 4, 4]), draw.tensor(3, 2)
    _, (got,) = student.vjp("read_out", [states, lengths], [out])
    expect.true(got is not None, "No gradient reaches the states.", "is something detached?")
    found = expect.numbers(got, (3, 4, 2), what="the gradient at the states")
    expect.close(
        found.sum(1), out, what="the gradient at the states, summed over the places", hint="is something detached?"
    )


@check(item="s000-2.03-readout")
def read_out_leaves_everything_alone(student: Student, draw: Draw) -> None:
    """Arguments stay as they were, a second call agrees, and the dtype stays."""
    one, other = [(draw.tensor(3, 5, 4), torch.tensor([2, 5, 3])) for _ in range(2)]
    properties.no_side_effects(student, "read_out", one, other)
    single = student.read_out(one[0].float(), one[1])
    expect.dtype(single, torch.zeros(1), what="read_out(...)")


# --- s000-2.08-sample ------------------------------------------------------------


def _drawn(student: Student, logits: torch.Tensor, seed: int, count: int) -> list[int]:
    made = shared.generator(student, seed)
    return [_token(student.sample_step(logits, made), len(logits)) for _ in range(count)]


def _token(value: Any, vocabulary: int) -> int:
    number = expect.number(value, what="sample_step(...)")
    expect.true(number in range(vocabulary), "sample_step(...) is no token: they are numbered from 0.")
    return int(number)


@check(item="s000-2.08-sample", points=2)
def tokens_come_as_often_as_they_should(student: Student, draw: Draw) -> None:
    """Each token comes as often as its probability says, within five standard deviations, rare ones together, too."""
    chances = torch.tensor([0.45, 0.3, 0.15, 0.1], dtype=torch.float64)[draw.permutation(4)]
    tokens = _drawn(student, torch.log(chances) + draw.uniform(1.0, 3.0), draw.integer(1, 10**6), 2000)
    for token, chance in enumerate(chances.tolist()):
        off = abs(tokens.count(token) / 2000 - chance) / math.sqrt(chance * (1 - chance) / 2000)
        expect.true(
            off < 5,
            "Tokens do not come as often as their probabilities say.",
            "scores become probabilities by a softmax, as they are",
        )
    # The lower a level, the more tokens it has: all levels are about as likely, so what is cut or sharpened shows.
    level = torch.cat([torch.full((int(math.e**k),), -float(k), dtype=torch.float64) for k in range(8)])
    level = level[draw.permutation(len(level))]
    chance = torch.softmax(level, -1)
    mean = float((chance * level).sum())
    spread = math.sqrt(float((chance * (level - mean) ** 2).sum()) / 1200)
    found = level[torch.tensor(_drawn(student, level, draw.integer(1, 10**6), 1200))]
    off = abs(float(found.mean()) - mean) / spread
    told = "In a large vocabulary likely tokens come too often, or too rarely."
    expect.true(off < 5, told, "probabilities as they are: nothing sharpened, cut off or added", f"{off:.1f}")


@check(item="s000-2.08-sample")
def likely_tokens_all_come(student: Student, draw: Draw) -> None:
    """Every token of some probability is drawn, not only the likeliest."""
    tokens = _drawn(student, draw.tensor(5, scale=0.2), draw.integer(1, 10**6), 120)
    expect.true(
        len(set(tokens)) == 5,
        "Some tokens are never drawn, though they are likely.",
        "is it drawn, or is the likeliest taken?",
    )


@check(item="s000-2.08-sample")
def the_generator_decides(student: Student, draw: Draw) -> None:
    """The same seed gives the same tokens, another seed gives others."""
    logits, seed = draw.tensor(6, scale=0.3), draw.integer(1, 10**6)
    one, again, other = (_drawn(student, logits, s, 30) for s in (seed, seed, seed + 1))
    hint = "pass the generator on, and seed nothing inside"
    expect.true(one == again, "The same seed gives other tokens.", hint)
    expect.true(one != other, "Every seed gives the same tokens.", hint)


@check(item="s000-2.08-sample")
def each_step_draws_anew(student: Student, draw: Draw) -> None:
    """Tokens of one generator are not all the same, and each follows its chance whatever came before."""
    tokens = _drawn(student, torch.zeros(2, dtype=torch.float64), draw.integer(1, 10**6), 200)
    turns = sum(a != b for a, b in pairwise(tokens))
    expect.true(
        60 < turns < 140, "One draw follows from the one before.", "does each call go on where the generator stood?"
    )


@check(item="s000-2.08-sample")
def large_and_barred_scores_are_no_trouble(student: Student, draw: Draw) -> None:
    """Scores of several thousand are drawn by their differences, and a score of minus infinity never."""
    base = torch.tensor([0.3, 0.0, -0.2], dtype=torch.float64)
    tokens = _drawn(student, base + 3000.0, draw.integer(1, 10**6), 100)
    expect.true(
        len(set(tokens)) == 3,
        "With large scores some tokens are never drawn.",
        "a common shift of all scores changes nothing",
    )
    base[1] = -math.inf
    tokens = _drawn(student, base, draw.integer(1, 10**6), 100)
    expect.true(1 not in tokens, "A token whose score is minus infinity is drawn.", "its probability is 0")


@check(item="s000-2.08-sample")
def one_word_is_certain(student: Student, draw: Draw) -> None:
    """A vocabulary of one token gives token 0."""
    _drawn(student, draw.tensor(1), draw.integer(1, 10**6), 2)


@check(item="s000-2.08-sample")
def scores_stay_as_they_were(student: Student, draw: Draw) -> None:
    """The scores are unchanged after a draw."""
    logits = draw.tensor(5)
    got, after = student.with_inputs("sample_step", logits, shared.generator(student, 3))
    _token(got, 5)
    expect.unharmed(logits, after[0], what="logits")


# --- s000-2.12-heads -------------------------------------------------------------

_TOKENS = "each state times W transposed, plus b"
_TEXTS = "the mean over the real tokens: their sum, divided by how many they are; then as in the token head"


def _parts(
    draw: Draw, batch: int, n: int, h: int, c: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    lengths = [draw.integer(1, n) for _ in range(batch)]
    mask = torch.tensor([[int(place < length) for place in range(n)] for length in lengths])
    return draw.tensor(batch, n, h), mask, draw.tensor(c, h), draw.tensor(c)


def _text(states: torch.Tensor, mask: torch.Tensor, W: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return torch.stack([row[m == 1].mean(0) for row, m in zip(states, mask, strict=True)]) @ W.T + b


@check(item="s000-2.12-heads")
def every_token_has_its_scores(student: Student, draw: Draw) -> None:
    """The token head gives W s + b for every token of every text."""
    states, _, W, b = _parts(draw, 3, 4, 5, 2)
    expect.close(student.token_head(states, W, b), states @ W.T + b, what="token_head(...)", hint=_TOKENS)


@check(item="s000-2.12-heads")
def full_texts_have_their_scores(student: Student, draw: Draw) -> None:
    """Without padding, the text head gives the scores of the mean state."""
    states, mask, W, b = _parts(draw, 3, 4, 5, 2)
    mask = torch.ones_like(mask)
    expect.close(
        student.text_head(states, mask, W, b), _text(states, mask, W, b), what="text_head of full texts", hint=_TEXTS
    )


@check(item="s000-2.12-heads", points=2)
def padding_plays_no_part(student: Student, draw: Draw) -> None:
    """Padded texts have the scores of their real tokens, and other states at the padding change nothing."""
    states, _, W, b = _parts(draw, 3, 6, 5, 2)
    mask = torch.tensor([[1, 1, 0, 0, 0, 0], [1, 1, 1, 1, 1, 0], [1, 1, 1, 0, 0, 0]])
    got = expect.numbers(student.text_head(states, mask, W, b), (3, 2), what="text_head of padded texts")
    moved = torch.where(mask[..., None] == 1, states, 1e5 * draw.tensor(3, 6, 5))
    other = expect.numbers(student.text_head(moved, mask, W, b), (3, 2), what="text_head of padded texts")
    expect.close(other, got, what="text_head with other states at the padding", hint=_TEXTS, rtol=1e-6)
    for k, n in ((0, 2), (1, 5), (2, 3)):
        full = torch.ones(1, n, dtype=torch.int64)
        reply = student.text_head(states[k : k + 1, :n], full, W, b)
        alone = expect.numbers(reply, (1, 2), what="text_head of the text alone")
        expect.close(got[k : k + 1], alone, what="text_head of a text in a batch, beside the text alone,", hint=_TEXTS)


@check(item="s000-2.12-heads")
def large_states_count_as_they_are(student: Student, draw: Draw) -> None:
    """States in the thousands give scores in the thousands: nothing is cut."""
    states, mask, W, b = _parts(draw, 3, 4, 5, 2)
    states, mask = 3000.0 * states, torch.ones_like(mask)
    tokens, texts = student.token_head(states, W, b), student.text_head(states, mask, W, b)
    expect.close(tokens, states @ W.T + b, what="token_head of large states", hint=_TOKENS)
    expect.close(texts, _text(states, mask, W, b), what="text_head of large states", hint=_TEXTS)


@check(item="s000-2.12-heads")
def heads_of_one_will_do(student: Student, draw: Draw) -> None:
    """A single text, token, class, or number of a state."""
    for sizes in ((1, 3, 2, 4), (3, 1, 2, 4), (3, 4, 2, 1), (3, 4, 1, 2), (1, 1, 1, 1)):
        states, mask, W, b = _parts(draw, *sizes)
        mask = torch.ones_like(mask)
        for got, shape, name in (
            (student.token_head(states, W, b), (sizes[0], sizes[1], sizes[3]), "token_head"),
            (student.text_head(states, mask, W, b), (sizes[0], sizes[3]), "text_head"),
        ):
            expect.numbers(got, shape, what=f"{name} where an axis has length 1")


@check(item="s000-2.12-heads")
def heads_keep_precision(student: Student, draw: Draw) -> None:
    """float32 in, float32 out; float64 keeps its digits."""
    (states, mask, W, b), way = _parts(draw, 2, 4, 3, 5), draw.tensor(2, 4, 3)
    mask = torch.ones_like(mask)
    properties.keeps_precision(student, "token_head", lambda step: (states + step * way, W, b))
    properties.keeps_precision(student, "text_head", lambda step: (states + step * way, mask, W, b))


@check(item="s000-2.12-heads")
def heads_leave_everything_alone(student: Student, draw: Draw) -> None:
    """Arguments stay as they were, a second call agrees, and other states give other scores."""
    one, other = _parts(draw, 3, 4, 5, 2), _parts(draw, 3, 4, 5, 2)
    properties.no_side_effects(student, "text_head", one, other)
    properties.no_side_effects(student, "token_head", (one[0], *one[2:]), (other[0], *other[2:]))


# --- s000-2.13-batch -------------------------------------------------------------


def _made(student: Student, sequences: list[list[int]], pad: int, most: int) -> tuple[Any, Any]:
    pair = expect.parts(student.make_batch(sequences, pad, most), 2, what="make_batch(...)", hint="(ids, mask)")
    return expect.numbers(pair[0], what="the ids"), expect.numbers(pair[1], what="the mask")


def _sequences(draw: Draw, *lengths: int) -> list[list[int]]:
    return [[draw.integer(1, 90) for _ in range(n)] for n in lengths]


@check(item="s000-2.13-batch")
def short_sequences_are_filled_up(student: Student, draw: Draw) -> None:
    """Short sequences keep their tokens and are filled up at the end, with the number that is given."""
    for pad in (0, draw.choice((-1, 91))):
        rows = _sequences(draw, 2, 5, 3)
        ids, _ = _made(student, rows, pad, 5)
        want = [row + [pad] * (5 - len(row)) for row in rows]
        expect.close(ids, want, what="the ids of sequences that are short", hint="tokens first, then what fills up")


@check(item="s000-2.13-batch")
def the_mask_tells_what_is_real(student: Student, draw: Draw) -> None:
    """The mask is 1 for tokens and 0 for what fills up."""
    for pad in (0, 91):
        rows = _sequences(draw, 2, 5, 3)
        rows[1][2] = 91 - pad  # what does not fill up here is a token like any other
        _, mask = _made(student, rows, pad, 5)
        want = [[int(k < len(row)) for k in range(5)] for row in rows]
        expect.close(mask, want, what="the mask", hint="1 for real tokens, whatever number fills up")


@check(item="s000-2.13-batch")
def long_sequences_keep_their_beginning(student: Student, draw: Draw) -> None:
    """What is longer than allowed is cut at the end, in ids and mask."""
    rows = _sequences(draw, 7, 6)
    ids, mask = _made(student, rows, 0, 4)
    expect.close(ids, [row[:4] for row in rows], what="the ids of sequences that are long", hint="keep the beginning")
    expect.close(mask, [[1] * 4] * 2, what="the mask of sequences that are long", hint="all that is left is real")
    mixed = _sequences(draw, 2, 7)
    ids, _ = _made(student, mixed, 0, 4)
    expect.shape(
        ids, (2, 4), what="the ids of a long sequence beside a short one", hint="long ones are cut, not left out"
    )
    expect.close(ids[1], mixed[1][:4], what="the ids of a long sequence beside a short one", hint="keep the beginning")


@check(item="s000-2.13-batch")
def rows_are_no_longer_than_needed(student: Student, draw: Draw) -> None:
    """Where every sequence is shorter than allowed, rows are as long as the longest."""
    rows = _sequences(draw, 3, 2)
    for part in _made(student, rows, 0, 9):
        expect.shape(part, (2, 3), what="a part of the batch", hint="as long as the longest, after cutting")


@check(item="s000-2.13-batch")
def a_real_token_may_be_the_padding_number(student: Student, draw: Draw) -> None:
    """A token that equals the number which fills up is real."""
    rows = _sequences(draw, 3, 3)
    rows[0][1] = rows[1][2] = pad = draw.integer(1, 90)
    _, mask = _made(student, rows, pad, 3)
    expect.close(
        mask,
        [[1] * 3] * 2,
        what="the mask where a token equals the padding",
        hint="it follows from the lengths, not from the ids",
    )


@check(item="s000-2.13-batch")
def one_token_is_a_batch(student: Student, draw: Draw) -> None:
    """One sequence, and sequences cut to one token."""
    for lengths, most in (((3,), 3), ((1,), 1), ((1, 1), 1)):
        rows = _sequences(draw, *lengths)
        ids, mask = _made(student, rows, 0, most)
        n = min(max(lengths), most)
        expect.close(ids, [row[:n] for row in rows], what="the ids of a batch of one")
        expect.close(mask, [[1] * n for _ in rows], what="the mask of a batch of one")


@check(item="s000-2.13-batch")
def batches_hold_whole_numbers_and_leave_lists_alone(student: Student, draw: Draw) -> None:
    """Ids are whole numbers, and the lists are what they were."""
    rows = _sequences(draw, 2, 4)
    kept = [list(row) for row in rows]
    got, after = student.with_inputs("make_batch", rows, 0, 4)
    ids, mask = expect.parts(got, 2, what="make_batch(...)", hint="(ids, mask)")
    for part, what in ((ids, "The ids"), (mask, "The mask")):
        expect.numbers(part, what=what)
        whole = not isinstance(part, torch.Tensor) or not part.is_floating_point()
        expect.true(whole, f"{what} should be whole numbers.", "an embedding wants int64")
    expect.unharmed(kept, after[0], what="sequences")
