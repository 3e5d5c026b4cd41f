"""Hidden checks: the forward pass and decoding with a KV cache (s001-2.2.3a-cache), with weights of ours.

Whether the past is computed again is seen from outside: a cache of ours, which belongs to no text, is continued. Codes
of positions are zero where they are not what is asked about. Decoding is held against the reference, or, where the
student's pass or his greedy_decode is another one, against what these write: their slips cost their own checks.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.judge import Draw, Feedback, Handle, NameMissing, NotData, Student, StudentRaised, check, expect

from . import cached_cases as cases
from . import reference as ref
from .model import ROUGH, Shape, loud, tokens_of, weights_of

LONGEST = 11
PAST = "keys and values of the past come from the cache; only the new tokens are embedded and projected"


def built(student: Student, shape: Shape, weights: dict[str, Tensor]) -> Handle:
    """A model of the given parts with these weights; the student's own class where it can be made."""
    V, h, L, longest = shape
    try:
        made = student.DecoderOnlyTransformer(V, h, L, longest)
    except (NameMissing, StudentRaised, NotData):
        made = student.DecoderOnlyParts(V, h, L, longest)
    if not isinstance(made, Handle):
        raise Feedback("DecoderOnlyTransformer(...) gives no model.")
    made.load(weights)
    return made


def passed(student: Student, model: Handle, tokens: Tensor, cache: Any = None, allowed: Tensor | None = None) -> Any:
    """(logits, cache) as forward_with_cache returns them."""
    rest = () if cache is None and allowed is None else (cache,) if allowed is None else (cache, allowed)
    got = student.forward_with_cache(model, tokens, *rest)
    return expect.parts(got, 2, what="What forward_with_cache returns", hint="the logits, and the new cache")


def close(got: Any, want: Tensor, what: str, hint: str = "", rtol: float = ROUGH) -> None:
    expect.close(got, want, what=what, rtol=rtol, hint=hint)


def without_codes(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return weights | {"positions": torch.zeros_like(weights["positions"])}


def past_of(draw: Draw, shape: Shape, b: int, p: int) -> list[tuple[Tensor, Tensor]]:
    """Keys and values that belong to no text."""
    sizes = (2, b, p, shape.hidden)
    return [tuple(draw.tensor(*sizes, dtype=torch.float32)) for _ in range(shape.layers)]


def parts_of(cache: Any, shape: Shape, b: int, n: int) -> list[Tensor]:
    """Keys and values of all layers, in order. Raises Feedback for a cache of another form."""
    hint = "one pair (keys, values) per layer, (b, tokens read, h) each"
    found = []
    for pair in expect.parts(_listed(cache), shape.layers, what="The new cache", hint=hint):
        for part in expect.parts(_listed(pair), 2, what="The cache of a layer", hint=hint):
            numbers = expect.numbers(part, (b, n, shape.hidden), what="A part of the new cache")
            found.append(torch.from_numpy(numbers))
    return found


def _listed(value: Any) -> Any:
    """A tensor of keys and values is as good as a list of them."""
    return list(value) if isinstance(value, Tensor) and value.dim() > 2 else value


@check(item="s001-2.2.3a-cache", points=1)
def first_pass_gives_the_logits_of_the_model(student: Student, draw: Draw) -> None:
    """Without a cache the logits are those of the whole model, for several sizes, also where scores are large."""
    for shape, b, n in ((Shape(), 2, 7), (Shape(9, 8, 2, 12), 3, 12)):
        weights, tokens = weights_of(draw, shape), tokens_of(draw, shape, b, n)
        hint = "with cache=None this is the forward pass of part 2: embedding plus position, then each layer adds twice"
        got = passed(student, built(student, shape, weights), tokens)[0]
        close(got, ref.decoder(weights, tokens)[0], "the logits without a cache", hint)
    shape = Shape(layers=1)
    weights, tokens = loud(weights_of(draw, shape, 0.9), shape.hidden), tokens_of(draw, shape, 2, 9)
    got = passed(student, built(student, shape, weights), tokens)[0]
    close(got, ref.decoder(weights, tokens)[0], "the logits where scores are large", rtol=1e-3)


@check(item="s001-2.2.3a-cache", points=2)
def one_token_at_a_time_gives_the_same(student: Student, draw: Draw) -> None:
    """After any prompt, one token after the other: at every length the logits are those of the whole text."""
    for b, prompt in ((3, 4), (2, 1)):
        shape = Shape()
        weights = without_codes(weights_of(draw, shape))
        tokens, model = tokens_of(draw, shape, b, LONGEST), built(student, shape, weights)
        want = ref.decoder(weights, tokens)[0]
        cache = passed(student, model, tokens[:, :prompt])[1]
        for n in range(prompt, LONGEST):
            got, cache = passed(student, model, tokens[:, n : n + 1], cache)
            close(got, want[:, n : n + 1], f"the logits of token {n + 1}, after {n} in the cache,", PAST)


@check(item="s001-2.2.3a-cache", points=1)
def several_new_tokens_stay_causal(student: Student, draw: Draw) -> None:
    """Several new tokens at once see the past and each other backwards, never ahead, each from its own position."""
    shape = Shape()
    weights = without_codes(weights_of(draw, shape))
    for p, m in ((3, 5), (6, 2), (2, 9)):
        tokens, model = tokens_of(draw, shape, 2, p + m), built(student, shape, weights)
        want = ref.decoder(weights, tokens)[0]
        cache = passed(student, model, tokens[:, :p])[1]
        got = passed(student, model, tokens[:, p:], cache)[0]
        hint = "the mask has a row per new token and a column per token read: its triangle begins behind the past"
        close(got, want[:, p:], f"the logits of {m} new tokens after {p} in the cache", hint)
    deaf = weights_of(draw, shape)
    deaf |= {name: torch.zeros_like(w) for name, w in deaf.items() if ".out_proj." in name}
    tokens, past = tokens_of(draw, shape, 2, 4), past_of(draw, shape, 2, 3)
    got = passed(student, built(student, shape, deaf), tokens, past)[0]  # no token hears another one: no mask matters
    hint = "each new token has a position of its own: they go on from p, one by one"
    close(got, ref.read_on(deaf, tokens, past)[0], "the logits of several new tokens behind 3", hint)


@check(item="s001-2.2.3a-cache", points=1)
def positions_go_on_behind_the_cache(student: Student, draw: Draw) -> None:
    """The first new token gets the code of the position that follows those in the cache."""
    shape = Shape()
    weights = weights_of(draw, shape)
    weights["positions"] = 2 * weights["positions"]
    for p in (4, 1, 7):
        tokens, past = tokens_of(draw, shape, 2, 1), past_of(draw, shape, 2, p)
        got = passed(student, built(student, shape, weights), tokens, past)[0]
        hint = "with p tokens in the cache, the first new one stands at position p, counted from 0"
        close(got, ref.read_on(weights, tokens, past)[0], f"the logits of a new token behind {p}", hint)


@check(item="s001-2.2.3a-cache", points=1)
def a_given_mask_has_rows_for_new_tokens(student: Student, draw: Draw) -> None:
    """`allowed` rules which old and new tokens each new one looks at, in every layer, with and without a cache."""
    shape = Shape()
    weights = without_codes(weights_of(draw, shape))
    model = built(student, shape, weights)
    for p, m in ((0, 6), (4, 3), (5, 1)):
        allowed = torch.tensor([[draw.uniform() < 0.5 for _ in range(p + m)] for _ in range(m)])
        allowed[:, -1] = True  # ahead, for all but one
        tokens, past = tokens_of(draw, shape, 2, m), past_of(draw, shape, 2, p) if p else None
        got = passed(student, model, tokens, past, allowed)[0]
        hint = "only None stands for the causal mask; True means that looking is allowed"
        close(got, ref.read_on(weights, tokens, past, allowed)[0], "the logits under a given mask", hint)


@check(item="s001-2.2.3a-cache", points=2)
def cache_holds_keys_and_values(student: Student, draw: Draw) -> None:
    """The new cache has a pair per layer: first what the old one held, then the projected keys and values of the new
    tokens."""
    shape, b = Shape(), 2
    weights = without_codes(weights_of(draw, shape))
    model = built(student, shape, weights)
    hint = (
        "old ones first, then new ones; kept as they come from the projection, each layer its own, keys before values"
    )
    for p, m in ((0, 5), (4, 1), (3, 1)):
        tokens, past = tokens_of(draw, shape, b, m), past_of(draw, shape, b, p) if p else None
        got = parts_of(passed(student, model, tokens, past)[1], shape, b, p + m)
        want = [part for pair in ref.read_on(weights, tokens, past)[1] for part in pair]
        for part, other in zip(got, want, strict=True):
            close(part, other, f"the keys or values in the cache after {p + m} tokens", hint)


@check(item="s001-2.2.3a-cache", points=2)
def the_past_is_not_computed_again(student: Student, draw: Draw) -> None:
    """What the new tokens see of the past is what the cache holds, keys of zeros included: a cache that belongs to
    no text is continued as it is."""
    for shape, b, p in ((Shape(), 3, 5), (Shape(layers=2), 2, 1)):
        weights = without_codes(weights_of(draw, shape))
        tokens, past = tokens_of(draw, shape, b, 1), past_of(draw, shape, b, p)
        past[-1][0][:, 0] = 0.0
        got = passed(student, built(student, shape, weights), tokens, past)[0]
        close(got, ref.read_on(weights, tokens, past)[0], "the logits after a cache that was handed in", PAST)


@check(item="s001-2.2.3a-cache", points=1)
def old_caches_stay_and_go_on_twice(student: Student, draw: Draw) -> None:
    """A pass leaves the cache that it was given as it was, and nothing is kept besides: two endings of one beginning,
    and two texts by turns, do not disturb each other."""
    shape = Shape(layers=2)
    weights = without_codes(weights_of(draw, shape))
    model, past = built(student, shape, weights), past_of(draw, shape, 2, 3)
    one, other = (tokens_of(draw, shape, 2, 1) for _ in range(2))
    other[:] = (one + 1) % shape.vocabulary
    got, after = student.with_inputs("forward_with_cache", model, one, past)
    expect.true(len(after) > 2, "The arguments do not come back.")
    hint = "something that is kept between calls belongs to the cache that is returned, and to nothing else"
    expect.unharmed([one, past], [after[1], after[2]], what="the cache or the tokens")
    first = expect.parts(got, 2, what="What forward_with_cache returns")[0]
    passed(student, model, tokens_of(draw, shape, 3, 4))  # another text begins in between
    passed(student, model, other, past)
    again = passed(student, model, one, past)[0]
    expect.same(first, again, what="the logits of a text that is continued twice", hint=hint, rtol=ROUGH)
    for n in (4, 1):
        begin = tokens_of(draw, shape, 2, n)
        fresh = [passed(student, model, begin)[0] for _ in range(2)]
        expect.same(*fresh, what="the logits of a text that begins twice", hint=hint, rtol=ROUGH)


@check(item="s001-2.2.3a-cache", points=1)
def axes_of_size_one_are_kept(student: Student, draw: Draw) -> None:
    """One word, one token, one layer: logits and cache keep all their axes, and a word alone gets what it gets
    among others."""
    shape = Shape(layers=1)
    model = built(student, shape, without_codes(weights_of(draw, shape)))
    hint = "an axis of size 1 is an axis, too"
    words, found = tokens_of(draw, shape, 3, 2), []
    for some in (words[1:2], words):
        logits, cache = passed(student, model, some[:, :1])
        expect.shape(logits, (len(some), 1, shape.vocabulary), what="the logits of one token", hint=hint)
        parts_of(cache, shape, len(some), 1)
        logits = passed(student, model, some[:, 1:], cache)[0]
        expect.shape(logits, (len(some), 1, shape.vocabulary), what="the logits of one more token", hint=hint)
        found.append(expect.array(logits, what="the logits"))
    alone, together = found
    expect.same(together[1:2], alone, what="the logits of a word, alone or among others,", rtol=ROUGH)


# --- decoding --------------------------------------------------------------------------------------------------------


def decoded(student: Student, model: Handle, case: cases.Script, limit: int, with_prefix: bool = False) -> Any:
    """What cached_decode writes, as an array of ids (b, t)."""
    got = student.cached_decode(model, case.source, case.start, case.end, limit, prefix=with_prefix)
    ids = expect.array(got, what="what cached_decode returns")
    told = "cached_decode returns another number of rows, or of axes, than one row of tokens per word."
    expect.true(ids.ndim == 2 and len(ids) == len(case.source), told)
    return ids.astype(int)


def rows_of(ids: Any, case: cases.Script) -> list[list[int]]:
    return [ref.until(row, case.end) for row in ids.tolist()]


def right(student: Student, model: Handle, case: cases.Script, ids: Any, limit: int, with_prefix: bool = False) -> bool:
    """Whether these are the words of the reference, or of the student's own pass, or of his decoder without a cache."""
    rows = rows_of(ids, case)
    if rows == case.rows:
        return True

    def step(tokens: Tensor, past: Any, allowed: Tensor | None) -> Any:
        prompt = allowed if past is None and with_prefix else None
        logits, cache = passed(student, model, tokens, past, prompt)
        V = cases.SHAPE.vocabulary
        return torch.from_numpy(expect.numbers(logits, (*tokens.shape, V), what="the logits")), cache

    def by_steps() -> Any:
        return ref.write(step, case.source, case.start, case.end, limit, with_prefix)[0]

    def uncached() -> Any:
        got = student.greedy_decode(model, case.source, case.start, case.end, limit, prefix=with_prefix)
        return rows_of(expect.array(got, what="what greedy_decode returns").astype(int), case)

    return any(rows == _rows_or_none(way) for way in (by_steps, uncached))


def _rows_or_none(way: Any) -> Any:
    try:
        return way()
    except (Feedback, StudentRaised, NameMissing, NotData, AttributeError, TypeError, ValueError):
        return None  # that answer is another check's business


@check(item="s001-2.2.3a-cache", points=2)
def cached_words_are_the_uncached_ones(student: Student, draw: Draw) -> None:
    """What is written with a cache is what the decoder without one writes, word for word, whenever each ends."""
    for b, S, limit in ((4, 5, 12), (3, 3, 10)):
        case = cases.script(draw, b, S, limit)
        model = built(student, cases.SHAPE, case.weights)
        ids = decoded(student, model, case, limit)
        hint = "first the whole prompt, then each new token alone, with the cache that the pass before has returned"
        same = right(student, model, case, ids, limit)
        expect.true(same, "With a cache something else is written than without one.", hint)


@check(item="s001-2.2.3a-cache", points=1)
def cached_prompts_obey_the_prefix_mask(student: Student, draw: Draw) -> None:
    """With prefix=True the tokens of the prompt see one another when read, and this shows in what is written."""
    for b, S in ((4, 5), (3, 3)):
        case = cases.script(draw, b, S, 12, with_prefix=True)
        model = built(student, cases.SHAPE, case.weights)
        ids = decoded(student, model, case, 12, with_prefix=True)
        hint = "SOS, source and EOP are read in one pass, and all see all; what is written afterwards looks back only"
        same = right(student, model, case, ids, 12, with_prefix=True)
        expect.true(same, "With a prefix something else is written than without a cache.", hint)


@check(item="s001-2.2.3a-cache", points=2)
def each_token_goes_through_the_layers_once(student: Student, draw: Draw) -> None:
    """Counted in the layers: the prompt is read once, and so is each token that was written."""
    for b, S, with_prefix in ((4, 5, False), (3, 3, True)):
        case = cases.script(draw, b, S, 12, with_prefix)
        model = built(student, cases.SHAPE, case.weights)
        write = student.value("cached_decode")
        got = student.rows_computed(write, model, case.source, case.start, case.end, 12, prefix=with_prefix)
        ids, count = expect.parts(got, 2, what="What is written, with the count,")
        ids, rows = expect.array(ids, what="what cached_decode returns"), expect.number(count, what="the count")
        expect.true(ids.ndim == 2 and ids.size > 0, "Nothing is written.")
        most = b * (S + 1 + ids.shape[1])
        hint = "after the prompt a step reads one token per word; the layers are those of the model that was given"
        expect.true(rows <= most, "More tokens go through the layers than there are: something is read again.", hint)
        expect.true(rows > 0, "No token goes through the layers of the model.", hint)


@check(item="s001-2.2.3a-cache", points=1)
def each_translation_begins_without_a_past(student: Student, draw: Draw) -> None:
    """A second translation sees nothing of the first: the same words are written before and after others, and a word
    alone is written as in its batch."""
    case = cases.script(draw, 4, 5, 12)
    model = built(student, cases.SHAPE, case.weights)
    hint = "the cache is made anew for each call, and grows within it"
    before = rows_of(decoded(student, model, case, 12), case)
    for other in (case.source.flip(0)[:, :3], case.source.flip(1)):
        decoded(student, model, case._replace(source=other), 12)
        after = rows_of(decoded(student, model, case, 12), case)
        expect.true(before == after, "What was translated before changes what is written.", hint)
    turned = rows_of(decoded(student, model, case._replace(source=case.source.flip(0)), 12), case)
    told = "The same words in another order are not written as before."
    expect.true(turned == before[::-1], told, "is the prompt read anew, or is something of the last one still there?")
    alone = rows_of(decoded(student, model, case._replace(source=case.source[2:3]), 12), case)[0]
    if case.end not in before[2]:  # cut off together with its batch: that costs another check
        alone = alone[: len(before[2])]
    expect.true(alone == before[2], "A word alone is not written as in its batch.")


@check(item="s001-2.2.3a-cache", points=1)
def cached_writing_stops_where_it_should(student: Student, draw: Draw) -> None:
    """Writing stops when the last word has ended, or after max_length tokens, integers all; the source stays."""
    case = cases.script(draw, 4, 5, 12)
    ids = decoded(student, built(student, cases.SHAPE, case.weights), case, 12)
    ended = max(map(len, rows_of(ids, case)))
    hint = "words end at different times: remember which have ended, and stop as soon as all have"
    expect.true(ids.shape[1] == ended, "Writing goes on though every word has ended.", hint)
    told = "Not every word of a batch is written to its end."
    expect.true(all(case.end in row for row in ids.tolist()) or ids.shape[1] == 12, told, hint)
    for limit in (1, 6, 13):
        case = cases.script(draw, 3, 4, max(limit, 5), ends=False)
        model = built(student, cases.SHAPE, case.weights)
        arguments = (model, case.source, case.start, case.end, limit)
        got, after = student.with_inputs("cached_decode", *arguments)
        ids = expect.array(got, what="what cached_decode returns")
        hint = "max_length counts the tokens that are written"
        expect.true(ids.shape == (3, limit), f"With max_length {limit}, another number of tokens is written.", hint)
        expect.dtype(got, case.source, what="what cached_decode returns", hint="tokens are int64")
        expect.true(len(after) > 1, "The arguments do not come back.")
        expect.unharmed(case.source, after[1], what="the source")
