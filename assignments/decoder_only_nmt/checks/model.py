"""Hidden checks: the forward pass of the decoder-only model (s001-2.2.2), with weights of ours."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from autograder.judge import Draw, Feedback, Handle, Student, check, expect, gradients_fit_values

from . import reference as ref

ROUGH = 2e-4  # float32 through several layers


class Shape(NamedTuple):
    """Sizes of a model: V, h, L, longest sequence."""

    vocabulary: int = 13
    hidden: int = 6
    layers: int = 3
    longest: int = 11


def weights_of(draw: Draw, shape: Shape, scale: float = 0.5) -> dict[str, Tensor]:
    """Generic weights; queries and keys large enough for attention that is far from even."""
    V, h, L, longest = shape
    sizes = {"embedding.weight": (V, h), "positions": (longest, h), "output.weight": (V, h), "output.bias": (V,)}
    for layer in range(L):
        head, small = f"attentions.{layer}.head.", f"mlps.{layer}."
        sizes |= {head + "in_proj_weight": (3 * h, h), head + "in_proj_bias": (3 * h,)}
        sizes |= {head + "out_proj.weight": (h, h), head + "out_proj.bias": (h,)}
        for part in ("0.", "2."):
            sizes |= {small + part + "weight": (h, h), small + part + "bias": (h,)}
    return {name: draw.tensor(*size, scale=scale, dtype=torch.float32) for name, size in sizes.items()}


def constant(weights: dict[str, Tensor], attention: Tensor, mlp: Tensor) -> dict[str, Tensor]:
    """The same, but every attention answers `attention` (h,) and every MLP `mlp` (h,), whatever they read."""
    last = {".out_proj.weight": None, ".out_proj.bias": attention, ".2.weight": None, ".2.bias": mlp}
    flat = dict(weights)
    for name, value in weights.items():
        for end, answer in last.items():
            if name.endswith(end):
                flat[name] = torch.zeros_like(value) if answer is None else answer
    return flat


def built(student: Student, shape: Shape, weights: dict[str, Tensor]) -> Handle:
    """The student's model with these weights."""
    V, h, L, longest = shape
    made = student.DecoderOnlyTransformer(V, h, L, longest)
    if not isinstance(made, Handle):
        raise Feedback("DecoderOnlyTransformer(...) gives no model.")
    made.load(weights)
    return made


def tokens_of(draw: Draw, shape: Shape, b: int, n: int) -> Tensor:
    return torch.tensor([[draw.integer(0, shape.vocabulary - 1) for _ in range(n)] for _ in range(b)])


def ran(model: Handle, tokens: Tensor, allowed: Tensor | None = None) -> tuple[Any, Any]:
    """(logits, attention) as the student's model returns them."""
    got = model(tokens) if allowed is None else model(tokens, allowed)
    expect.true(
        isinstance(got, (tuple, list)) and len(got) == 2, "The forward pass should return a pair (logits, attention)."
    )
    return got[0], got[1]


def logits_of(model: Handle, tokens: Tensor, V: int, allowed: Tensor | None = None) -> Any:
    """The logits as numbers of shape (b, n, V)."""
    logits = ran(model, tokens, allowed)[0]
    expect.shape(logits, (*tokens.shape, V), what="the logits", hint="V numbers at each position of each row")
    expect.finite(logits, what="the logits")
    return expect.array(logits, what="the logits")


def square_maps(attention: Any, n: int) -> Any:
    """The attention as numbers (..., n, n) with rows that sum to 1, or None: its form is the business of one check."""
    try:
        numbers = expect.array(attention, what="the attention")
    except Feedback:
        return None
    fits = numbers.shape[-2:] == (n, n) and bool(abs(numbers.sum(-1) - 1).max() < 1e-3)
    return numbers if fits else None


def loud(weights: dict[str, Tensor], hidden: int, factor: float = 4.0) -> dict[str, Tensor]:
    """The same with queries and keys so large that scores lie hundreds apart: no forbidden one may win."""
    larger = {name: value.clone() for name, value in weights.items() if "in_proj" in name}
    for value in larger.values():
        value[: 2 * hidden] *= factor
    return weights | larger


@check(item="s001-2.2.2", points=2)
def forward_agrees_with_the_formulas(student: Student, draw: Draw) -> None:
    """The logits are those of the formulas, for generic weights and several sizes."""
    for shape, b, n in ((Shape(), 2, 7), (Shape(9, 8, 2, 12), 3, 5), (Shape(17, 4, 4, 10), 4, 9)):
        weights, tokens = weights_of(draw, shape), tokens_of(draw, shape, b, n)
        got = ran(built(student, shape, weights), tokens)[0]
        want = ref.decoder(weights, tokens)[0]
        hint = "another check that fails says which part is off; if none does, hold the lines of your loop against the "
        hint += "two formulas: who reads what, in which order, and what is added to what"
        expect.close(got, want, what=f"the logits of a model with {shape.layers} layers", rtol=ROUGH, hint=hint)


@check(item="s001-2.2.2", points=1)
def gradients_are_those_of_the_logits(student: Student, draw: Draw) -> None:
    """The gradient of every weight is what moving that weight does to the logits."""
    shape = Shape(layers=2)
    weights = weights_of(draw, shape)
    model = built(student, shape, weights)
    gradients_fit_values(model, [tokens_of(draw, shape, 2, 7)], draw, what="the logits", known=weights)


@check(item="s001-2.2.2", points=2)
def states_pass_through_constant_layers(student: Student, draw: Draw) -> None:
    """Attention and MLP that always answer the same add just that, once per layer; where they answer 0, states stay,
    however large they are."""
    for shape, size in ((Shape(), 1.0), (Shape(layers=1), 1.0), (Shape(11, 8, 4, 9), 1.0), (Shape(), 2000.0)):
        weights, tokens = weights_of(draw, shape), tokens_of(draw, shape, 2, 6)
        weights["positions"] = torch.zeros_like(weights["positions"])
        weights["embedding.weight"] *= size
        c, d = size * draw.tensor(2, shape.hidden, dtype=torch.float32)
        nothing = torch.zeros(shape.hidden)
        for attention, mlp, told in (
            (nothing, nothing, "attention and MLP answer 0"),
            (c, nothing, "attention always answers the same, and the MLP 0"),
            (nothing, d, "the MLP always answers the same, and attention 0"),
            (c, d, "attention and MLP always answer the same"),
        ):
            flat = constant(weights, attention, mlp)
            got = logits_of(built(student, shape, flat), tokens, shape.vocabulary)
            hint = "each step adds to what the step before has left: x = x + ...; nothing is scaled, normalised or cut"
            expect.close(got, ref.decoder(flat, tokens)[0], what=f"the logits where {told}", rtol=ROUGH, hint=hint)


@check(item="s001-2.2.2", points=1)
def position_codes_count_from_zero(student: Student, draw: Draw) -> None:
    """Token i gets row i of `positions`, counted from 0: a code acts as if it were part of the token's embedding."""
    shape = Shape()
    weights = weights_of(draw, shape)
    word = draw.integer(0, shape.vocabulary - 1)
    for n in (shape.longest - 2, 6):
        model = built(student, shape, weights)
        got = logits_of(model, torch.full((2, n), word), shape.vocabulary)
        expect.true(
            bool(abs(got[:, 1:] - got[:, :-1]).max() > 1e-3),
            "The same token at two positions gives the same logits.",
            "without positions, attention cannot know in which order the letters stand",
        )
        # n different tokens, embedded as that one token and its codes add up to, in a model without codes
        table = weights["embedding.weight"].clone()
        table[:n] = weights["embedding.weight"][word] + weights["positions"][:n]
        model.load(weights | {"embedding.weight": table, "positions": torch.zeros_like(weights["positions"])})
        want = logits_of(model, torch.arange(n).expand(2, n), shape.vocabulary)
        hint = "x begins as embedding + code, once: the first token gets row 0 of `positions`, the second row 1"
        told = "Codes in `positions` do not act as the same numbers do in the embeddings of the tokens at these places."
        expect.true(bool(abs(got - want).max() < 1e-3 * max(1.0, abs(want).max())), told, hint)


@check(item="s001-2.2.2", points=1)
def mlp_reads_what_attention_has_written(student: Student, draw: Draw) -> None:
    """In one layer, what attention writes reaches the MLP as well, not only the output."""
    shape = Shape(layers=1)
    weights, tokens = weights_of(draw, shape, 0.8), tokens_of(draw, shape, 2, 5)
    model = built(student, shape, weights)
    before = logits_of(model, tokens, shape.vocabulary)
    name = "attentions.0.head.out_proj.bias"
    more = draw.tensor(shape.hidden, scale=1.5, dtype=torch.float32)  # attention writes so much more, everywhere
    model.load(weights | {name: weights[name] + more})
    moved = logits_of(model, tokens, shape.vocabulary) - before
    past_the_mlp = (weights["output.weight"] @ more).double().numpy()
    hint = "the second step starts from what the first one has made of x"
    expect.true(bool(abs(moved).max() > 1e-3), "What attention writes does not reach the logits.", hint)
    apart = float(abs(moved - past_the_mlp).max())
    expect.true(apart > 1e-2, "What attention writes goes past the MLP: the MLP never reads it.", hint, f"{apart:.2g}")


@check(item="s001-2.2.2", points=2)
def each_layer_has_its_own_say(student: Student, draw: Draw) -> None:
    """Other weights in the attention or in the MLP of any one layer change the logits."""
    shape = Shape(layers=4)
    weights, tokens = weights_of(draw, shape), tokens_of(draw, shape, 2, 6)
    model = built(student, shape, weights)
    before = logits_of(model, tokens, shape.vocabulary)
    for layer in range(shape.layers):
        parts = {f"attentions.{layer}.head.out_proj.weight": "attention", f"mlps.{layer}.0.weight": "MLP"}
        for part, what in parts.items():
            model.load(weights | {part: draw.tensor(*weights[part].shape, scale=0.9, dtype=torch.float32)})
            after = logits_of(model, tokens, shape.vocabulary)
            expect.true(
                bool(abs(after - before).max() > 1e-4),
                f"The {what} of layer {layer + 1} of {shape.layers} has no influence on the logits.",
                "does the loop run over all layers, and use the attention and the MLP of the same layer?",
            )


@check(item="s001-2.2.2", points=2)
def later_tokens_leave_earlier_logits_alone(student: Student, draw: Draw) -> None:
    """By default nobody looks ahead, however large scores are: later tokens, changed or cut off, change no logits."""
    shape = Shape()
    tokens = tokens_of(draw, shape, 2, 9)
    model = built(student, shape, weights_of(draw, shape))
    numbers = square_maps(ran(model, tokens)[1], 9)
    if numbers is not None:
        hint = "allowed=None means causal; hand the causal mask to every layer"
        expect.mask(
            numbers, ref.tril(9).numpy(), what="the attention", say="lies in its future", hint=hint, present=False
        )
    before = logits_of(model, tokens, shape.vocabulary)
    for place in (2, 5, 8):
        other = tokens.clone()
        other[:, place:] = (other[:, place:] + draw.integer(1, shape.vocabulary - 1)) % shape.vocabulary
        after = logits_of(model, other, shape.vocabulary)
        what, hint = f"logits before position {place}, with other tokens from there on,", "is the mask used?"
        expect.same(before[:, :place], after[:, :place], what=what, hint=hint, rtol=ROUGH)
        expect.true(
            bool(abs(before[:, place:] - after[:, place:]).max() > 1e-3), "A token does not reach its own logits."
        )
        short = logits_of(model, tokens[:, :place], shape.vocabulary)
        what = f"logits before position {place}, with the tokens from there on cut off,"
        expect.same(before[:, :place], short, what=what, hint="does something depend on the length?", rtol=ROUGH)
    model.method("eval")
    resting = logits_of(model, tokens, shape.vocabulary)
    hint = "nobody looks ahead when a trained model writes, either: the mask does not depend on self.training"
    expect.same(before, resting, what="the logits in evaluation mode", hint=hint, rtol=ROUGH)
    shape = Shape(layers=1)
    model = built(student, shape, loud(weights_of(draw, shape, 0.9), shape.hidden))
    before = logits_of(model, tokens, shape.vocabulary)
    for place in (1, 4, 7):
        other = tokens.clone()
        other[:, place:] = (other[:, place:] + draw.integer(1, shape.vocabulary - 1)) % shape.vocabulary
        after = logits_of(model, other, shape.vocabulary)
        what, hint = (
            f"logits before position {place}, with large scores and other tokens from there on,",
            ("a forbidden score must lose against any other: minus infinity, or the lowest float, before softmax"),
        )
        expect.same(before[:, :place], after[:, :place], what=what, hint=hint, rtol=1e-3)


@check(item="s001-2.2.2", points=2)
def a_given_mask_rules_every_layer(student: Student, draw: Draw) -> None:
    """A mask that is passed in takes the place of the causal one, for this call, and stays as it was: who may look
    decides what has an influence."""
    shape, n = Shape(), 8
    tokens = tokens_of(draw, shape, 2, n)
    model = built(student, shape, weights_of(draw, shape, 0.4))
    lone = torch.tensor([[draw.uniform() < 0.15 for _ in range(n)] for _ in range(n)])
    lone[:, 2] = lone[0, 0] = True  # someone to look at for each,
    lone[1, 1] = lone[n - 1, n - 1] = False  # and not everyone sees itself
    hint = "use `allowed` as it comes, in each layer; only None stands for the causal mask"
    without = logits_of(model, tokens, shape.vocabulary)
    for allowed, what in ((ref.prefix(5, 3), "a prefix mask"), (lone, "a mask without any order")):
        numbers = square_maps(ran(model, tokens, allowed)[1], n)
        if numbers is not None:
            named = f"the attention under {what}"
            expect.mask(numbers, allowed.numpy(), what=named, say="the mask forbids", hint=hint, present=False)
        before = logits_of(model, tokens, shape.vocabulary, allowed)
        hears = (allowed | torch.eye(n, dtype=torch.bool)).double()  # its own state stays with each
        reach = torch.linalg.matrix_power(hears, shape.layers) > 0  # who hears of whom, after all layers
        for place in range(n):
            other = tokens.clone()
            other[:, place] = (other[:, place] + draw.integer(1, shape.vocabulary - 1)) % shape.vocabulary
            moved = abs(logits_of(model, other, shape.vocabulary, allowed) - before).max(axis=(0, 2))
            hidden = moved[~reach[:, place].numpy()]
            told = f"Under {what}, a token changes the logits of a position that cannot have heard of it."
            expect.true(not hidden.size or bool(hidden.max() < 1e-3), told, hint)
            told = f"Under {what}, a token does not change the logits of a position that may look at it."
            expect.true(bool(moved[allowed[:, place].numpy()].min(initial=1.0) > 1e-5), told, hint)
        after = student.with_inputs(model, tokens, allowed)[1]
        expect.unharmed([tokens, allowed], after, what="the inputs or the mask")
        again = logits_of(model, tokens, shape.vocabulary)
        told = f"the logits without a mask, after a call with {what},"
        expect.same(without, again, what=told, hint="a mask holds for the call that it comes with", rtol=ROUGH)


@check(item="s001-2.2.2", points=1)
def attention_of_each_layer_comes_back(student: Student, draw: Draw) -> None:
    """The second result holds the weights that every layer used, (L, b, n, n), in the order of the layers."""
    shape, b, n = Shape(layers=3), 2, 5
    weights, tokens = weights_of(draw, shape, 0.4), tokens_of(draw, shape, 2, 5)
    weights["positions"] = torch.zeros_like(weights["positions"])
    model = built(student, shape, weights)
    hint = "collect the weights of each layer, layer 1 first, and stack them along a new first axis"

    def maps() -> Any:
        attention = ran(model, tokens)[1]
        expect.shape(attention, (3, b, n, n), what="the attention", hint=hint)
        return expect.array(attention, what="the attention")

    before = maps()
    expect.true(bool(abs(before.sum(-1) - 1).max() < 1e-4), "Each row of the attention should sum to 1.", hint)
    first = ref.decoder(weights, tokens)[1][0]  # the only map that depends on nothing but the embeddings
    hint = "return what each attention gave in the pass itself: rows look at columns, one map per word and layer"
    seen = (
        before[0] * ref.tril(n).numpy()
    )  # shares among the keys up to one's own: who may look is another check's business
    seen = seen / seen.sum(-1, keepdims=True).clip(1e-12)
    expect.close(seen, first, what="the attention of layer 1 on given embeddings", rtol=1e-3, hint=hint)
    for layer in range(3):
        name = f"attentions.{layer}.head.in_proj_weight"
        model.load(weights | {name: -weights[name].roll(1, 0)})
        moved = abs(maps() - before).max(axis=(1, 2, 3))
        told = (
            f"The weights of the attention of layer {layer + 1} do not come back as entry {layer} of the second result."
        )
        expect.true(bool((moved[:layer] < 1e-4).all()) and bool(moved[layer] > 1e-3), told, hint)


@check(item="s001-2.2.2", points=1)
def words_of_a_batch_do_not_meet(student: Student, draw: Draw) -> None:
    """Each row of the batch gives the same whatever the other rows hold, and wherever it stands."""
    shape = Shape()
    tokens = tokens_of(draw, shape, 4, 6)
    model = built(student, shape, weights_of(draw, shape))
    together = logits_of(model, tokens, shape.vocabulary)
    hint = "positions go with the second axis of the inputs; attention stays within a row"
    for row in (0, 2, 3):
        others = tokens_of(draw, shape, 4, 6)
        others[row] = tokens[row]
        among = logits_of(model, others, shape.vocabulary)[row]
        expect.same(together[row], among, what="a row put among other rows", hint=hint, rtol=ROUGH)
    order = draw.permutation(4)
    mixed = logits_of(model, tokens[order], shape.vocabulary)
    expect.same(together[order.numpy()], mixed, what="a batch in another order", hint=hint, rtol=ROUGH)
    expect.true(bool(abs(together[0] - together[1]).max() > 1e-3), "Two different words give the same logits.")


@check(item="s001-2.2.2", points=1)
def logits_are_not_squeezed(student: Student, draw: Draw) -> None:
    """The last thing that happens is the linear layer: three times its weights give three times the logits."""
    shape = Shape()
    weights, tokens = weights_of(draw, shape), tokens_of(draw, shape, 2, 6)
    model = built(student, shape, weights)
    hint = "return the logits themselves: softmax belongs to the loss"
    for size in (1.0, 0.03):  # among small logits no token has nearly all the probability
        several = []
        for factor in (size, 3 * size):
            model.load(weights | {name: factor * weights[name] for name in ("output.weight", "output.bias")})
            several.append(logits_of(model, tokens, shape.vocabulary))
        once, thrice = several
        expect.true(bool(abs(once).max() > 1e-6), "The logits are zero.")
        expect.close(thrice, 3 * once, what="the logits with three times the output weights", rtol=ROUGH, hint=hint)


@check(item="s001-2.2.2", points=1)
def shortest_and_longest_sequences_work(student: Student, draw: Draw) -> None:
    """A single token, word or layer works, with all axes that there should be, and so does a sequence as long as there
    are positions."""
    shape = Shape()
    model = built(student, shape, weights_of(draw, shape))
    for b, n in ((1, 1), (3, 1), (2, shape.longest)):
        tokens = tokens_of(draw, shape, b, n)
        before = logits_of(model, tokens, shape.vocabulary)
        tokens[:, -1] = (tokens[:, -1] + 1) % shape.vocabulary
        moved = abs(logits_of(model, tokens, shape.vocabulary) - before)[:, -1]
        expect.true(
            bool(moved.max() > 1e-3), f"In a sequence of {n}, the last token has no influence.", "is one cut off?"
        )
    words = tokens_of(draw, shape, 3, 5)
    alone, together = (logits_of(model, part, shape.vocabulary) for part in (words[1:2], words))
    expect.same(together[1:2], alone, what="the logits of a word, alone or among others,", rtol=ROUGH)
    for L, b, n in ((1, 2, 4), (2, 1, 3), (1, 1, 1)):
        shape = Shape(layers=L)
        attention = ran(built(student, shape, weights_of(draw, shape, 0.4)), tokens_of(draw, shape, b, n))[1]
        what, hint = f"the attention of {L} layer(s), {b} word(s), {n} token(s)", "an axis of size 1 is an axis, too"
        expect.shape(attention, (L, b, n, n), what=what, hint=hint)
