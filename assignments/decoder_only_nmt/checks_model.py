"""Hidden checks: the forward pass of the decoder-only model (s001-2.2.2), with weights of ours."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from autograder.judge import Draw, Feedback, Handle, Student, beside, check, expect

ref = beside(__file__, "reference.py")
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


def silenced(weights: dict[str, Tensor], *parts: str) -> dict[str, Tensor]:
    """The same with attention ("out_proj") or MLP ("mlps") of each layer answering 0."""
    return {
        name: torch.zeros_like(value) if any(part in name for part in parts) else value
        for name, value in weights.items()
    }


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


@check(item="s001-2.2.2", points=3)
def forward_agrees_with_the_formulas(student: Student, draw: Draw) -> None:
    """The logits are those of the formulas, for generic weights and several sizes."""
    for shape, b, n in ((Shape(), 2, 7), (Shape(9, 8, 2, 12), 3, 5), (Shape(17, 4, 4, 10), 1, 9)):
        weights, tokens = weights_of(draw, shape), tokens_of(draw, shape, b, n)
        got = ran(built(student, shape, weights), tokens)[0]
        want = ref.decoder(weights, tokens)[0]
        hint = "the other checks of this item say which part of the formulas is missing"
        expect.close(got, want, what=f"the logits of a model with {shape.layers} layers", rtol=ROUGH, hint=hint)


@check(item="s001-2.2.2", points=2)
def states_pass_through_silent_layers(student: Student, draw: Draw) -> None:
    """Where attention, or the MLP, or both answer 0, the states pass through: both steps add to what is there."""
    shape = Shape()
    weights = weights_of(draw, shape)
    weights["positions"] = torch.zeros_like(weights["positions"])
    tokens = tokens_of(draw, shape, 2, 6)
    for parts, said in ((("out_proj", "mlps"), "both"), (("out_proj",), "attention"), (("mlps",), "the MLP")):
        quiet = silenced(weights, *parts)
        got = logits_of(built(student, shape, quiet), tokens, shape.vocabulary)
        want = ref.decoder(quiet, tokens)[0]
        hint = "each step adds: x = x + ...; and nothing else is added, scaled or normalised on the way"
        expect.close(got, want, what=f"the logits where {said} answer(s) 0", rtol=ROUGH, hint=hint)


@check(item="s001-2.2.2", points=1)
def position_codes_count_from_zero(student: Student, draw: Draw) -> None:
    """Token i gets row i of `positions`, counted from 0; equal tokens at two places differ by that alone."""
    shape = Shape()
    weights = silenced(weights_of(draw, shape), "out_proj", "mlps")
    tokens = torch.full((2, 6), draw.integer(0, 12))
    got = logits_of(built(student, shape, weights), tokens, shape.vocabulary)
    nowhere = weights | {"positions": torch.zeros_like(weights["positions"])}
    moved = got - ref.decoder(nowhere, tokens)[0].numpy()
    want = weights["positions"][:6].double() @ weights["output.weight"].double().T
    expect.true(
        bool(abs(got[:, 1:] - got[:, :-1]).max() > 1e-3),
        "The same token at two positions gives the same logits.",
        "without positions, attention cannot know in which order the letters stand",
    )
    hint = "the first token gets row 0 of `positions`, the second row 1"
    expect.close(moved[0], want, what="what the position codes add", rtol=ROUGH, hint=hint)
    expect.close(moved[1], want, what="what the position codes add in the second row", rtol=ROUGH, hint=hint)


@check(item="s001-2.2.2", points=1)
def mlp_reads_what_attention_has_written(student: Student, draw: Draw) -> None:
    """In a model of one layer, the MLP works on the states after attention was added to them."""
    shape = Shape(layers=1)
    weights, tokens = weights_of(draw, shape, 0.8), tokens_of(draw, shape, 2, 5)
    got = logits_of(built(student, shape, weights), tokens, shape.vocabulary)
    want = ref.decoder(weights, tokens)[0]
    hint = "the second step starts from what the first one has made of x"
    expect.close(got, want, what="the logits of a model with one layer", rtol=ROUGH, hint=hint)


@check(item="s001-2.2.2", points=2)
def each_layer_has_its_own_say(student: Student, draw: Draw) -> None:
    """Other weights in the attention or in the MLP of any one layer change the logits as they should."""
    shape = Shape(layers=4)
    weights, tokens = weights_of(draw, shape), tokens_of(draw, shape, 2, 6)
    model = built(student, shape, weights)
    before = logits_of(model, tokens, shape.vocabulary)
    for layer in range(shape.layers):
        for part, what in (
            (f"attentions.{layer}.head.out_proj.weight", "attention"),
            (f"mlps.{layer}.0.weight", "MLP"),
        ):
            other = weights | {part: draw.tensor(*weights[part].shape, scale=0.9, dtype=torch.float32)}
            model.load(other)
            after = logits_of(model, tokens, shape.vocabulary)
            hint = "does the loop run over all layers, and use the attention and the MLP of the same layer?"
            expect.true(
                bool(abs(after - before).max() > 1e-4),
                f"The {what} of layer {layer + 1} of {shape.layers} has no influence on the logits.",
                hint,
            )
            want = ref.decoder(other, tokens)[0] - ref.decoder(weights, tokens)[0]
            named = f"what the {what} of layer {layer + 1} changes in the logits"
            expect.close(after - before, want, what=named, rtol=5 * ROUGH, hint=hint)


@check(item="s001-2.2.2", points=2)
def later_tokens_leave_earlier_logits_alone(student: Student, draw: Draw) -> None:
    """By default nobody looks ahead: changing or cutting off later tokens changes no earlier logits."""
    shape = Shape()
    tokens = tokens_of(draw, shape, 2, 9)
    model = built(student, shape, weights_of(draw, shape, 0.9))
    before, attention = ran(model, tokens)
    numbers = expect.array(attention, what="the attention")
    if numbers.shape[-2:] == (9, 9):
        hint = "allowed=None means causal; hand the causal mask to every layer"
        expect.mask(
            numbers, ref.tril(9).numpy(), what="the attention", say="lies in its future", hint=hint, present=False
        )
    before = logits_of(model, tokens, shape.vocabulary)
    for place in (1, 5, 8):
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


@check(item="s001-2.2.2", points=2)
def a_given_mask_rules_every_layer(student: Student, draw: Draw) -> None:
    """A mask that is passed in takes the place of the causal one, in every layer."""
    shape, n = Shape(), 8
    weights, tokens = weights_of(draw, shape, 0.7), tokens_of(draw, shape, 2, 8)
    model = built(student, shape, weights)
    lone = torch.tensor([[draw.uniform() < 0.4 for _ in range(n)] for _ in range(n)]) | torch.eye(n, dtype=torch.bool)
    for allowed, what in ((ref.prefix(5, 3), "a prefix mask"), (lone, "a mask without any order")):
        logits, attention = ran(model, tokens, allowed)
        hint = "use `allowed` as it comes, in each layer; only None stands for the causal mask"
        numbers = expect.array(attention, what="the attention")
        if numbers.shape[-2:] == (n, n):
            named = f"the attention under {what}"
            expect.mask(numbers, allowed.numpy(), what=named, say="the mask forbids", hint=hint, present=False)
        want = ref.decoder(weights, tokens, allowed)[0]
        causal = ref.decoder(weights, tokens)[0]
        got = expect.array(logits, what="the logits")
        expect.true(got.shape == tuple(want.shape), "The logits should be of shape (b, n, V) under any mask.")
        expect.true(
            bool(abs(got - causal.numpy()).max() > 1e-3), f"The logits under {what} are those of the causal mask.", hint
        )
        expect.close(logits, want, what=f"the logits under {what}", rtol=ROUGH, hint=hint)


@check(item="s001-2.2.2", points=1)
def attention_of_each_layer_comes_back(student: Student, draw: Draw) -> None:
    """The second result holds the weights of every layer, (L, b, n, n), in the order of the layers."""
    shape, b, n = Shape(layers=2), 3, 5
    weights, tokens = weights_of(draw, shape, 0.8), tokens_of(draw, shape, 3, 5)
    attention = ran(built(student, shape, weights), tokens)[1]
    hint = "collect the weights of each layer and stack them along a new first axis"
    expect.shape(attention, (2, b, n, n), what="the attention", hint=hint)
    numbers = expect.array(attention, what="the attention")
    expect.true(bool(abs(numbers.sum(-1) - 1).max() < 1e-4), "Each row of the attention should sum to 1.", hint)
    want = ref.decoder(weights, tokens)[1]
    expect.close(attention, want, what="the attention", rtol=1e-3, hint="layer 1 first; as the attention gave them")


@check(item="s001-2.2.2", points=1)
def words_of_a_batch_do_not_meet(student: Student, draw: Draw) -> None:
    """Each row of the batch gives what it gives alone, wherever it stands."""
    shape = Shape()
    tokens = tokens_of(draw, shape, 4, 6)
    model = built(student, shape, weights_of(draw, shape))
    together = logits_of(model, tokens, shape.vocabulary)
    hint = "positions go with the second axis of the inputs; attention stays within a row"
    for row in (0, 2, 3):
        alone = logits_of(model, tokens[row : row + 1], shape.vocabulary)
        expect.same(together[row : row + 1], alone, what="a row taken out of its batch", hint=hint, rtol=ROUGH)
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
    once = logits_of(model, tokens, shape.vocabulary)
    model.load(weights | {name: 3 * weights[name] for name in ("output.weight", "output.bias")})
    thrice = logits_of(model, tokens, shape.vocabulary)
    hint = "return the logits themselves: softmax belongs to the loss"
    expect.true(bool(abs(once).max() > 1e-6), "The logits are zero.")
    expect.close(thrice, 3 * once, what="the logits with three times the output weights", rtol=ROUGH, hint=hint)


@check(item="s001-2.2.2", points=1)
def shortest_and_longest_sequences_work(student: Student, draw: Draw) -> None:
    """A single token works, and so does a sequence as long as there are positions."""
    shape = Shape()
    weights = weights_of(draw, shape)
    model = built(student, shape, weights)
    for b, n in ((1, 1), (3, 1), (2, shape.longest)):
        tokens = tokens_of(draw, shape, b, n)
        got = logits_of(model, tokens, shape.vocabulary)
        want = ref.decoder(weights, tokens)[0]
        expect.close(got, want, what=f"the logits of {n} token(s)", rtol=ROUGH, hint="an off-by-one at the ends?")
