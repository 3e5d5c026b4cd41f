"""Hidden checks of sampling, by distributions rather than by single draws."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Feedback, NameMissing, NotData, Student, StudentRaised, check, expect

from . import shared


@check(item="s004-1.06-sampling", points=2)
def temperature_divides_the_logits(student: Student, draw: Draw) -> None:
    """The distribution is softmax(logits / T), for T below, at and above 1, with any leading axes."""
    for shape in ((7,), (3, 5), (2, 3, 6)):
        logits = draw.tensor(*shape, scale=2.0)
        for heat in (1.0, draw.uniform(0.3, 0.8), draw.uniform(1.3, 3.0)):
            expect.close(
                student.next_token_probs(logits, heat),
                torch.softmax(logits / heat, -1),
                what=f"next_token_probs at temperature {'1' if heat == 1 else 'below 1' if heat < 1 else 'above 1'}",
                rtol=shared.ROUGH,
                hint="a high temperature flattens; softmax over the last axis, after dividing",
            )


@check(item="s004-1.06-sampling", points=2)
def top_k_is_a_distribution_over_k_tokens(student: Student, draw: Draw) -> None:
    """Exactly the k most likely tokens keep probability, in their old proportions, and rows sum to 1, with any leading
    axes."""
    for shape, k, heat in (((4, 9), 3, 1.0), ((4, 9), 1, 1.0), ((4, 9), 5, 0.6), ((7,), 2, 1.0), ((2, 3, 6), 4, 1.0)):
        logits = draw.tensor(*shape, scale=2.0)
        got = expect.array(student.next_token_probs(logits, heat, k), what="next_token_probs with top_k")
        expect.shape(got, shape, what="next_token_probs with top_k", hint="one probability per token, 0 for the others")
        order = torch.argsort(logits, dim=-1, descending=True).numpy()
        kept = np.zeros(shape, dtype=bool)
        np.put_along_axis(kept, order[..., :k], True, axis=-1)
        expect.true(
            bool(((got > 0) == kept).all()),
            f"top_k={k} does not keep exactly the {k} most likely tokens.",
            "each row along the last axis keeps its own k largest logits",
        )
        hint = "one probability per token"  # wrong ones are charged by themselves
        whole = expect.numbers(student.next_token_probs(logits, heat), shape, what="next_token_probs", hint=hint)
        want = np.where(kept, whole, 0.0)
        expect.true(bool((want.sum(-1) > 0).all()), "next_token_probs gives the most likely tokens no probability.")
        expect.close(
            got,
            want / want.sum(-1, keepdims=True),
            what="next_token_probs with top_k",
            rtol=shared.ROUGH,
            hint="what was cut off is shared out again: a row sums to 1; temperature counts too",
        )


@check(item="s004-1.06-sampling")
def edge_cases_of_sampling(student: Student, draw: Draw) -> None:
    """k of V or more keeps all; logits of 0 are like any other, and of size 10000 with a tiny temperature stay finite;
    a single row stays a row; logits are unharmed."""
    logits = draw.tensor(2, 6)
    logits[1, draw.integer(0, 5)] = 0.0
    plain = torch.softmax(logits, -1)
    for k in (6, 50, None):
        expect.close(
            student.next_token_probs(logits, 1.0, k),
            plain,
            what="next_token_probs that keeps all",
            rtol=shared.ROUGH,
            hint="top_k may be None, V, or more than V; a logit of 0 does not forbid a token",
        )
    alone = student.next_token_probs(logits[1:], 1.0)
    expect.close(alone, plain[1:], what="next_token_probs of a single row", rtol=shared.ROUGH)
    got, after = student.with_inputs("next_token_probs", logits, 0.7, 2)
    expect.unharmed([logits, 0.7, 2], after, what="an argument of next_token_probs")
    expect.dtype(got, logits, what="next_token_probs(...)")
    expect.dtype(student.next_token_probs(logits.float(), 0.7, 2), logits.float(), what="next_token_probs(...)")
    cold = student.next_token_probs(1e3 * logits, 1e-2)
    expect.close(
        cold,
        torch.nn.functional.one_hot(logits.argmax(-1), 6).double(),
        what="next_token_probs, very cold",
        rtol=shared.ROUGH,
        hint="a tiny temperature always takes the most likely token, without overflow",
    )


@check(item="s004-1.06-sampling", points=2)
def generation_follows_its_own_words(student: Student, draw: Draw) -> None:
    """Prompts stay in front, a single one and those longer than the context too; each new token depends on the one
    before it, and only the new ones are added."""
    shared.begun(student, "generate")
    order = draw.permutation(9)
    table = shared.table(student, 60.0 * torch.eye(9, dtype=torch.float64)[order])
    prompt = shared.windows(draw, 3, 3, 9)
    want = prompt.clone()
    for _ in range(5):
        want = torch.cat([want, order[want[:, -1:]]], 1)
    got, after = student.with_inputs("generate", table, prompt, 5, 3)
    expect.shape(got, (3, 9), what="generate(...)", hint="the prompt of 4 and 5 tokens more")
    expect.close(
        got,
        want,
        what="the tokens of generate for a model that is sure",
        rtol=1e-9,
        hint="look at the last position only, append what was drawn, and look again",
    )
    floats = isinstance(got, torch.Tensor) and got.is_floating_point()
    expect.true(not floats, "generate returns floats.", "token numbers are whole: they go into nn.Embedding again")
    expect.true(torch.equal(after[1], prompt), "The prompt changed during the call.", "build a new tensor")
    expect.close(student.generate(table, prompt, 0, 4), prompt, what="generate with no steps", rtol=1e-9)
    alone = student.generate(table, want[:1, 3:4], 5, 3)
    expect.close(alone, want[:1, 3:], what="the tokens of generate for one prompt of one token", rtol=1e-9)


@check(item="s004-1.06-sampling", points=2)
def generation_sees_the_last_tokens_only(student: Student, draw: Draw) -> None:
    """The model gets the last `context` tokens, never more, and all of them."""
    shared.begun(student, "generate")
    if not np.allclose(_own_law(student, torch.tensor([0.3, 0.1, 2.0]), 1.0, 1), [0, 0, 1]):
        return  # top_k = 1 does not give the likeliest token, which costs a check of its own
    model = _reader(student)
    for _ in range(40):
        shared.fill(model, draw, scale=1.0)
        prompt = shared.windows(draw, 6, 2, 8)
        want, *others = (_greedy(model, prompt, 6, window) for window in (_LAST, *_OTHERS))
        others.append(_greedy(model, torch.cat([torch.zeros(6, 1, dtype=torch.int64), prompt], 1), 6, _LAST)[:, 1:])
        if not any(torch.equal(want, other) for other in others):  # a model for which it matters what it sees
            break
    got = expect.array(student.generate(model, prompt, 6, 4, 1.0, 1), what="generate(...)")
    expect.shape(got, (6, 9), what="generate(...)")
    expect.close(
        got,
        want,
        what="the tokens of generate with top_k=1",
        rtol=1e-9,
        hint="feed the last `context` tokens, whatever came before; with k = 1 the likeliest token follows",
    )


# what a model with room for 4 tokens should see; by mistake: all, the first, one, one too many, one too few
_LAST = slice(-4, None)
_OTHERS = slice(None), slice(0, 4), slice(-1, None), slice(-5, None), slice(-3, None)


def _reader(student: Student) -> Any:
    """A model of PyTorch's parts in the student's process, in which every token that goes in can matter."""
    nn = shared.torch_part(student, "nn")
    student.seed(5)
    encoder = nn.made("TransformerEncoderLayer", 6, 2, 12, 0.0, batch_first=True)
    return nn.made("Sequential", nn.made("Embedding", 8, 6), encoder, nn.made("Linear", 6, 8)).turned("eval")


def _greedy(model: Any, ids: Any, steps: int, window: slice) -> Any:
    """The prompts with the likeliest tokens behind them, when the model sees this part of the text."""
    for _ in range(steps):
        ids = torch.cat([ids, _tensor(model(ids[:, window]))[:, -1].argmax(-1, keepdim=True)], 1)
    return ids


def _tensor(value: Any) -> Any:
    expect.array(value, what="the logits")
    return torch.as_tensor(value).detach()


@check(item="s004-1.06-sampling", points=2)
def drawn_tokens_have_their_frequencies(student: Student, draw: Draw) -> None:
    """Over 4000 draws each token comes as often as its probability says, within 5 standard errors and 4 draws."""
    shared.begun(student, "generate")
    weight = draw.tensor(6, 6, scale=1.5)
    table = shared.table(student, weight)
    start = draw.integer(0, 5)
    prompt = torch.full((4000, 1), start)
    for heat, k in ((1.0, None), (0.5, 3)):
        generator = shared.torch_part(student).made("Generator")
        generator.method("manual_seed", draw.integer(1, 10**6))
        got = expect.array(student.generate(table, prompt, 1, 4, heat, k, generator), what="generate(...)")
        expect.shape(got, (4000, 2), what="generate(...)")
        drawn = got[:, 1]
        expect.true(
            bool(((drawn >= 0) & (drawn < 6) & (drawn == np.floor(drawn))).all()), "generate makes no token ids."
        )
        wants = [_law(weight[start], heat, k), _own_law(student, weight[start], heat, k)]
        seen = np.bincount(drawn.astype(int), minlength=6) / 4000
        # rare ones follow Poisson's law, whose tail is longer
        room = [5 * np.sqrt(want * (1 - want) / 4000) + 4 / 4000 for want in wants]
        fits = [bool((abs(seen - want) <= most).all()) for want, most in zip(wants, room, strict=True)]
        expect.true(
            any(fits),
            "Drawn tokens do not come with their probabilities.",
            "torch.multinomial takes probabilities; are temperature and top_k passed on? one draw for each row",
            f"seen {seen} wanted {wants}",
        )


@check(item="s004-1.06-sampling")
def the_generator_decides_the_draws(student: Student, draw: Draw) -> None:
    """The same state of the generator gives the same text, another state another; each step draws anew."""
    shared.begun(student, "generate")
    table = shared.table(student, torch.zeros(9, 9, dtype=torch.float64))
    prompt = shared.windows(draw, 3, 0, 9)
    seeds = draw.integer(1, 10**6), draw.integer(10**6 + 1, 10**7)

    def text(seed: int, elsewhere: int) -> Any:
        generator = shared.torch_part(student).made("Generator")
        generator.method("manual_seed", seed)
        student.seed(elsewhere)
        got = expect.array(student.generate(table, prompt, 30, 4, 1.0, None, generator), what="generate(...)")
        expect.shape(got, (3, 31), what="generate(...)")
        return got

    one, again, other = text(seeds[0], 1), text(seeds[0], 2), text(seeds[1], 1)
    hint = "pass `generator` on to torch.multinomial, and seed nothing inside"
    expect.same(one, again, what="the text for one state of the generator", hint=hint)
    expect.true(bool((one != other).any()), "Every state of the generator gives the same text.", hint)
    fresh = [len(set(row[1:].tolist())) > 2 for row in one]
    expect.true(all(fresh), "Each step draws the same again.", hint)


def _law(logits: Any, heat: float, k: int | None) -> Any:
    """The distribution (V,) of the next token."""
    if k is not None:
        logits = torch.where(logits >= logits.topk(k).values[-1], logits, -math.inf)
    return torch.softmax(logits / heat, -1).numpy()


def _own_law(student: Student, logits: Any, heat: float, k: int | None) -> Any:
    """The same by the student's next_token_probs: where it is wrong, that costs checks of its own."""
    try:
        found = expect.array(student.next_token_probs(logits[None], heat, k), what="it").reshape(-1)
    except (Feedback, NameMissing, StudentRaised, NotData):
        return _law(logits, heat, k)
    fine = found.shape == logits.shape and np.isfinite(found).all() and (found >= 0).all() and found.sum() > 0
    fine = fine and found.max() < 0.999 * found.sum()  # a law that leaves nothing to chance is no law of drawn tokens
    return found / found.sum() if fine else _law(logits, heat, k)
