"""Hidden checks of part 1: the loop is run on letter models whose next token is known; distributions are compared."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Feedback, Handle, Student, check, expect


def letters(student: Student, after: Any, first: Any = None) -> Handle:
    """A letter model in the student's process."""
    return student.tool("standin").made("LetterModel", after, first)


def generator(student: Student, seed: int) -> Handle:
    """torch's generator, in a state."""
    made = student.tool("torch").made("Generator")
    made.method("manual_seed", seed)
    return made


def text(value: Any) -> str:
    """What generate gives."""
    return expect.text(value, what="what generate returns")


def _chain(draw: Draw, size: int = 8) -> tuple[torch.Tensor, list[int]]:
    """Logits of a sure model of `size` tokens, and the tokens in their order; the last of them ends a text."""
    order = [*draw.permutation(size - 1).tolist(), size - 1]
    after = draw.tensor(size, size)
    for here, there in pairwise(order):
        after[here, there] = 12.0
    return after, order


def _spelled(tokens: list[int]) -> str:
    return "".join("abcdefghijklmnopqrstuvwxyz"[k] for k in tokens)


@check(item="s004-2.1", points=2)
def cold_text_is_the_likeliest(student: Student, draw: Draw) -> None:
    """At T = 0, and at a tiny T, each new token is the likeliest after those before it."""
    after, order = _chain(draw)
    after[order[4], order[1]], after[order[4], order[5]] = 12.0, 0.0  # it comes round again
    after = after / 8  # so flat that probabilities to the power of 1 / T are all 0 at the tiny T
    want = _spelled([*order[1:5], *order[1:3]])
    for heat in (0, 1e-4):
        got = text(student.generate(letters(student, after), _spelled(order[:1]), 6, heat))
        expect.true(len(got) > 0, "generate returns no text where the model has something to say.")
        hint = "the likeliest next token, given all so far; a tiny T divides the logits"
        expect.true(got == want, "Cold text is not made of the likeliest tokens.", hint)


@check(item="s004-2.1", points=2)
def text_ends_where_the_model_ends_it(student: Student, draw: Draw) -> None:
    """The text stops before the first end token, at once too, drawn or likeliest, and that token is no part of it."""
    after, order = _chain(draw)
    after[-1, order[0]] = 12.0  # who overlooks the end goes on
    for left, heat in ((3, 0), (1, 0), (0, 0), (2, 0.05), (0, 0.05)):
        start = order[len(order) - 2 - left]
        state = generator(student, draw.integer(1, 10**6))
        got = text(student.generate(letters(student, after), _spelled([start]), 20, heat, state))
        want = _spelled(order[len(order) - 1 - left : -1])
        hint = "compare each new token with model.eos, before it is added, at T = 0 and above"
        expect.true(got == want, "The text does not end where the model ends it.", hint)
    half = torch.full((3, 3), -99.0, dtype=torch.float64)
    half[:, [0, 2]] = 0.0  # a letter or the end, equally likely: who leaves ends out writes on
    states = [generator(student, draw.integer(1, 10**6)) for _ in range(8)]
    long = sum(len(text(student.generate(letters(student, half), "a", 30, 1.0, state))) for state in states)
    expect.true(long < 50, "A drawn text goes on after its end.", "the first end token ends it")  # 8 are expected


@check(item="s004-2.1")
def text_is_no_longer_than_asked_for(student: Student, draw: Draw) -> None:
    """No more than max_new tokens come, and no fewer if the model goes on."""
    after, order = _chain(draw, 12)
    for most in (5, 1, 0):
        model = letters(student, after)
        got = text(student.generate(model, _spelled(order[:1]), most, 0))
        expect.true(len(got) <= most, "The text is longer than max_new tokens.", "count the new tokens alone")
        expect.true(len(got) >= most, "The text is shorter than max_new tokens, and the model was not at its end.")


@check(item="s004-2.1", points=2)
def model_reads_prompt_and_own_text(student: Student, draw: Draw) -> None:
    """Each new token is asked for with all of the prompt and all that is written so far; the prompt is not given
    back."""
    after, first = draw.tensor(9, 9, scale=3.0), draw.tensor(9, 9, scale=3.0)
    first[:, -1] = after[:, -1] = -99.0
    prompt = [*draw.permutation(8).tolist(), *draw.permutation(8)[:4].tolist()]
    model = letters(student, after, first)
    got = text(student.generate(model, _spelled(prompt), 8, 0))
    read = model.asked
    if not isinstance(read, list) or not all(isinstance(one, list) for one in read):
        raise Feedback("The record of what the model was asked is gone.", "use what the task names of a model")
    expect.true(len(read) > 0, "The model is not asked for logits.")
    hint = "the prompt's tokens, then the new ones, at every step"
    expect.true(all(one[: len(prompt)] == prompt for one in read), "The model does not see the whole prompt.", hint)
    known, want = list(prompt), list[int]()
    for _ in range(8):
        want.append(int((after[known[-1]] + first[known[0]]).argmax()))
        known.append(want[-1])
    expect.true(not got.startswith(_spelled(prompt)) or got == _spelled(want), "The prompt is in what comes back.")
    expect.true(got == _spelled(want), "What is written does not follow from the prompt.", hint)
    seen = [prompt + want[:k] for k in range(8)]
    expect.true(all(one in read for one in seen), "The model does not see what it has written.", hint)


@check(item="s004-2.1", points=2)
def temperature_divides_logits(student: Student, draw: Draw) -> None:
    """Among 500 drawn tokens each comes as often as softmax(logits / T) says, within 5 standard errors and 4 tokens;
    of many that are equally likely each comes."""
    row = draw.tensor(5, scale=1.2)
    row[-1] = -400.0
    row[0], row[3] = 1.5, -1.0
    # the outer two with logits of their size, so that the law there is as far from a cold and from a flat one
    for heat, size in (
        (1.0, 1.0), (draw.uniform(0.45, 0.6), 1.0), (draw.uniform(1.8, 2.4), 1.0),
        (draw.uniform(0.02, 0.04), 0.03), (draw.uniform(8.0, 12.0), 10.0),
    ):  # fmt: skip
        model = letters(student, (size * row).expand(5, 5).clone())
        got = text(student.generate(model, "b", 500, heat, generator(student, draw.integer(1, 10**6))))
        want = torch.softmax(size * row / heat, -1).numpy()[:4]
        seen = np.array([got.count(letter) for letter in "abcd"]) / 500
        room = 5 * np.sqrt(want * (1 - want) / 500) + 4 / 500  # rare ones follow Poisson
        fits = len(got) == 500 and bool((abs(seen - want) <= room).all())
        kind = "at T = 1" if heat == 1 else "below T = 1" if heat < 1 else "above T = 1"
        expect.true(
            fits, f"Tokens do not come with their probabilities {kind}.", "softmax of logits divided by T", f"{seen}"
        )
    even = torch.zeros(25, 25, dtype=torch.float64)
    even[:, -1] = -99.0
    state = generator(student, draw.integer(1, 10**6))
    drawn = text(student.generate(letters(student, even), "b", 600, 1.0, state))
    hint = "nothing is cut off here"
    expect.true(len(set(drawn)) == 24, "Tokens that are as likely as others never come.", hint)


@check(item="s004-2.1")
def generator_decides_the_text(student: Student, draw: Draw) -> None:
    """The same state of the generator gives the same text, another state another; a generator goes on from call to
    call, and so does torch's own where none is given."""
    even = torch.zeros(7, 7, dtype=torch.float64)
    even[:, -1] = -99.0
    seed, model = draw.integer(1, 10**6), letters(student, even)

    def written(state: Handle | None, elsewhere: int) -> str:
        student.seed(elsewhere)
        return text(student.generate(model, "a", 30, 1.0, *([] if state is None else [state])))

    held = generator(student, seed)
    one, again, other = written(held, 1), written(generator(student, seed), 2), written(generator(student, seed + 1), 1)
    hint = "draw from `gen`, and seed nothing inside"
    expect.true(one == again, "The same state of the generator gives another text.", hint)
    expect.true(one != other, "Every state of the generator gives the same text.", hint)
    expect.true(written(held, 1) != one, "A generator that goes on gives the same text again.", hint)
    expect.true(len(set(one)) > 2, "Each step draws the same again.", hint)
    states = [generator(student, draw.integer(1, 10**6)) for _ in range(16)]
    begins = {text(student.generate(model, "a", 1, 1.0, state)) for state in states}
    expect.true(len(begins) > 1, "The first token is the same whatever the generator.", "the first one is drawn, too")
    expect.true(written(None, 3) != written(None, 4), "Without a generator the text is always the same.", hint)


@check(item="s004-2.1")
def nothing_is_recorded_for_autograd(student: Student, draw: Draw) -> None:
    """The model is asked while autograd does not record, at T = 0 and above."""
    for heat in (0, 1.0):
        model = letters(student, draw.tensor(6, 6))
        text(student.generate(model, "ab", 5, heat, generator(student, 4)))
        recorded = model.recorded
        expect.true(isinstance(recorded, list) and len(recorded) > 0, "The model is not asked for logits.")
        expect.true(not any(bool(one) for one in recorded), "Autograd records what nobody trains.", "torch.no_grad()")


# --- s004-2.1-parameters -----------------------------------------------------


def _law(logits: torch.Tensor, heat: float, k: int | None, p: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The distribution by its definition, row by row."""
    shares: np.ndarray[Any, np.dtype[np.float64]] = torch.softmax(logits / heat, -1).numpy().copy()
    for row in shares.reshape(-1, shares.shape[-1]):
        order = np.argsort(-row)
        row[order[k if k is not None else len(row) :]] = 0.0
        row /= row.sum()
        enough = int(np.searchsorted(np.cumsum(row[order]), p)) + 1 if p < 1 else len(row)
        row[order[enough:]] = 0.0
        row /= row.sum()
    return shares


def _compare(
    student: Student, logits: torch.Tensor, heat: float, k: int | None, p: float, what: str, hint: str
) -> None:
    got = expect.numbers(student.next_probs(logits, heat, k, p), tuple(logits.shape), what=what, hint="one per token")
    want = _law(logits, heat, k, p)
    kept = bool(((got > 0) == (want > 0)).all())
    expect.true(kept, f"Other tokens are kept than should be: {what}.", hint)
    expect.close(got, want, what=what, hint=hint, rtol=1e-6)


def _clear(logits: torch.Tensor, heat: float, k: int | None, p: float) -> bool:
    """Whether no cumulated probability lies near p, so that rounding decides nothing."""
    shares = np.sort(_law(logits, heat, k, 1.0), axis=-1)[..., ::-1].cumsum(-1)
    return p == 1 or bool((abs(shares - p) > 1e-3).all())


def _drawn(draw: Draw, *shape: int, heat: float = 1.0, k: int | None = None, p: float = 0.7) -> torch.Tensor:
    while True:
        logits = draw.tensor(*shape, scale=1.5)
        if _clear(logits, heat, k, p):
            return logits


@check(item="s004-2.1-parameters")
def distribution_at_a_temperature(student: Student, draw: Draw) -> None:
    """With nothing cut off it is softmax(logits / T), over the last axis."""
    for shape in ((6,), (3, 5), (2, 1, 4)):
        for heat in (1.0, draw.uniform(0.3, 0.7), draw.uniform(1.4, 3.0)):
            what = "the distribution with nothing cut off"
            _compare(student, draw.tensor(*shape), heat, None, 1.0, what, "divide by T, softmax over the last axis")


@check(item="s004-2.1-parameters")
def top_k_keeps_the_k_likeliest(student: Student, draw: Draw) -> None:
    """Top-k keeps exactly the k likeliest tokens of each row, as a distribution; k of V or more keeps all."""
    for shape, k in (((4, 7), 3), ((9,), 1), ((3, 5), 4), ((2, 4), 4), ((5,), 8)):
        what = "the distribution with top-k"
        _compare(student, draw.tensor(*shape), 1.0, k, 1.0, what, "k in each row; what is left sums to 1 again")


@check(item="s004-2.1-parameters", points=2)
def top_p_keeps_the_smallest_set(student: Student, draw: Draw) -> None:
    """Top-p keeps the smallest set of likeliest tokens that together reach p, as a distribution."""
    for shape, p in (((4, 9), 0.8), ((7,), 0.5), ((3, 6), 0.95), ((2, 3, 5), 0.6), ((2, 1, 5), 0.75)):
        hint = "the token with which the sum reaches p is still in; what is left sums to 1 again"
        _compare(student, _drawn(draw, *shape, p=p), 1.0, None, p, "the distribution with top-p", hint)
    for count, p, kept in ((4, 0.5, 2), (8, 0.375, 3), (4, 0.25, 1)):  # sums of p to the bit
        even = torch.full((count,), 0.0 if kept == 2 else draw.uniform(-2.0, 2.0), dtype=torch.float64)
        got = expect.numbers(student.next_probs(even, 1.0, None, p), (count,), what="the distribution with top-p")
        want = [0.0] * (count - kept) + [1 / kept] * kept  # which ones of equals is free
        expect.close(
            np.sort(got), want, what="the distribution with top-p", hint="a sum of exactly p is enough", rtol=1e-6
        )


@check(item="s004-2.1-parameters")
def one_token_always_stays(student: Student, draw: Draw) -> None:
    """Where the likeliest token alone has more than p, it is kept alone."""
    for shape in ((5,), (3, 4)):
        logits = draw.tensor(*shape)
        logits[..., 2] += 9.0
        _compare(
            student, logits, 1.0, None, 0.3, "the distribution with a small top-p", "an empty set is no distribution"
        )


@check(item="s004-2.1-parameters", points=2)
def settings_act_in_their_order(student: Student, draw: Draw) -> None:
    """First the temperature, then top-k, then top-p on what is left as a distribution."""
    hint = "temperature, top-k, and top-p of what top-k has left"
    for heat, k, p in ((1.0, 3, 0.75), (0.5, 4, 0.8), (2.0, None, 0.6), (0.6, 2, 1.0)):
        for _ in range(60):  # one for which another order would keep other tokens
            logits = _drawn(draw, 8, heat=heat, k=k, p=p)
            whole = _law(logits, heat, None, p) > 0
            cold = _law(logits, 1.0, k, p) > 0
            mine = _law(logits, heat, k, p) > 0
            late = whole & (_law(logits, heat, k, 1.0) > 0)  # top-p of all first, and top-k of that
            others = (whole, late) if k is not None and p < 1 else ()
            if all((mine != one).any() for one in others) and (heat == 1.0 or p == 1 or (mine != cold).any()):
                break
        _compare(student, logits, heat, k, p, "the distribution with several settings", hint)


@check(item="s004-2.1-parameters")
def distributions_keep_form_and_arguments(student: Student, draw: Draw) -> None:
    """Large logits stay finite, float32 stays float32, and the logits stay as they were, and so do the probabilities
    whose entropy is asked for."""
    logits = draw.tensor(3, 6)
    for heat in (0.7, 1.0):
        got, after = student.with_inputs("next_probs", logits, heat, 4, 0.9)
        expect.unharmed(logits, after[0], what="the logits")
    shares = torch.tensor([[0.25, 0.0, 0.75], [1.0, 0.0, 0.0]], dtype=torch.float64)
    _, after = student.with_inputs("entropy", shares)
    expect.unharmed(shares, after[0], what="the probabilities")
    expect.dtype(got, logits, what="next_probs(...)")
    expect.dtype(student.next_probs(logits.float(), 0.7, 4, 0.9), logits.float(), what="next_probs(...)")
    huge = 1e3 * logits
    want = np.eye(6)[huge.argmax(-1).numpy()]
    expect.close(student.next_probs(huge, 1e-2, None, 0.9), want, what="a cold distribution", rtol=1e-6)


@check(item="s004-2.1-parameters", points=2)
def entropy_is_in_nats(student: Student, draw: Draw) -> None:
    """-sum p ln p over the last axis, whatever stands before it."""
    for shape in ((5,), (5,), (3, 4), (2, 1, 6)):
        p = draw.simplex(*shape)
        want = -(p * p.log()).sum(-1)
        got = expect.numbers(student.entropy(p), shape[:-1], what="the entropy", hint="a number for each row")
        hint = "natural logarithm, a minus, the sum over the last axis"
        expect.close(got, want, what="the entropy", hint=hint, rtol=1e-6)


@check(item="s004-2.1-parameters")
def impossible_tokens_add_nothing(student: Student, draw: Draw) -> None:
    """Where some probability is 0 the entropy is that of the others; who is sure has entropy 0."""
    p = draw.simplex(2, 3)
    padded = torch.cat([p[:, :1], torch.zeros(2, 2, dtype=torch.float64), p[:, 1:]], 1)
    padded[1] = torch.tensor([0.0, 0.0, 0.0, 1.0, 0.0])
    want = [float(-(p[0] * p[0].log()).sum()), 0.0]
    expect.close(
        student.entropy(padded), want, what="the entropy with impossible tokens", hint="0 ln 0 counts as 0", rtol=1e-6
    )
