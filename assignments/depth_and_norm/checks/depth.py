"""Hidden checks of depth: two types of layers, growth of activations, and the gradient below identity sub-layers."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from autograder.judge import Draw, Feedback, Handle, Student, check, expect, gradients_fit_values

from . import shared

Array = shared.Array
WIDTH, HEADS, INNER = 12, 3, 20
Weights = dict[str, torch.Tensor]


def norm(x: torch.Tensor) -> torch.Tensor:
    z = x - x.mean(-1, keepdim=True)
    return z / z.square().mean(-1, keepdim=True).sqrt()


class Layer(nn.Module):
    """Both types, in the reference's own words."""

    def __init__(self, kind: int, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.kind = kind
        self.self_attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for part in (self._mix, self._inner):
            x = norm(x + part(x)) if self.kind == 1 else x + part(norm(x))
        return x

    def _mix(self, x: torch.Tensor) -> torch.Tensor:
        mixed: torch.Tensor = self.self_attn(x, x, x)[0]
        return mixed

    def _inner(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.fc2(functional.relu(self.fc1(x)))
        return out


def twins(student: Student, draw: Draw, kind: int, sizes: tuple[int, ...] = ()) -> tuple[Handle, Layer]:
    """A student's layer and the reference's, with the same generic weights, in float64."""
    name = f"type{kind}"
    mine = expect.handle(getattr(student, name)(*sizes), what=f"what {name} returns", hint="a module")
    twin = Layer(kind, *(sizes or (WIDTH, HEADS, INNER))).double().eval()
    weights = {key: draw.tensor(*value.shape, scale=0.5) for key, value in twin.named_parameters()}
    twin.load_state_dict(weights)
    own = mine.parameters()
    if not all(key in own and own[key].shape == value.shape for key, value in weights.items()):
        raise Feedback(
            f"What {name} returns lacks a part of `Parts`, or has one of another size.", "derive it from Parts"
        )
    more = {key: value for key, value in own.items() if key not in weights}  # a norm with weights of its own, say
    mine.turned("double").turned("eval").load({**weights, **{key: value.double() for key, value in more.items()}})
    return mine, twin


def outputs_agree(
    student: Student, draw: Draw, kind: int, shape: tuple[int, ...], hint: str, sizes: tuple[int, ...] = ()
) -> None:
    mine, twin = twins(student, draw, kind, sizes)
    x = draw.tensor(*shape, scale=2.0) + draw.tensor(*shape[:-1], 1)
    with torch.no_grad():
        want = twin(x)
    expect.close(mine(x), want, what=f"what a layer of type {kind} gives", hint=hint, rtol=1e-5)


def other_heads(mine: Handle, twin: Layer, draw: Draw, kind: int) -> None:
    """Weights fit any number of heads, so it takes values to tell how many there are. Wrong ones cost other checks."""
    x = draw.tensor(1, 5, 8)
    got = expect.numbers(mine(x), (1, 5, 8), what=f"what a layer of type {kind} gives")
    for heads in (1, 2):
        twin.self_attn.num_heads, twin.self_attn.head_dim = heads, 8 // heads
        with torch.no_grad():
            same = bool(np.abs(twin(x).numpy() - got).max() < 1e-6)
        hint = "n_heads says how many, whatever the width is"
        expect.true(not same, f"A layer of type {kind} has another number of heads than was asked for.", hint)


_AFTER = "the sum of x and the sub-layer is what is normalised, and that twice"
_BEFORE = "the sub-layer gets a normalised copy; what is added to it is x as it came"


@check(item="s003-12d", points=2)
def type_1_normalises_after(student: Student, draw: Draw) -> None:
    """With the same weights, a layer of type 1 gives what its formula says."""
    outputs_agree(student, draw, 1, (2, 5, WIDTH), _AFTER)


@check(item="s003-12d", points=2)
def type_2_normalises_before(student: Student, draw: Draw) -> None:
    """With the same weights, a layer of type 2 gives what its formula says."""
    outputs_agree(student, draw, 2, (2, 5, WIDTH), _BEFORE)


@check(item="s003-12d")
def layers_come_in_other_sizes(student: Student, draw: Draw) -> None:
    """Layers of another width, with other heads and inner sizes, and sequences of a single word, work too."""
    for kind in (1, 2):
        mine, twin = twins(student, draw, kind, (8, 4, 14))
        other_heads(mine, twin, draw, kind)
        for shape in ((3, 4, 8), (1, 1, 8)):
            x = draw.tensor(*shape)
            got = expect.numbers(mine(x), shape, what=f"what a layer of type {kind} gives")
            if kind == 1:  # values are what other checks are about; here: that they are of this layer, and this size
                expect.true(
                    bool(np.abs((got**2).mean(-1) - 1).max() < 1e-2), "What type 1 gives is not normalised.", _AFTER
                )
            moved = expect.numbers(mine(x + draw.tensor(*shape)), shape, what=f"what a layer of type {kind} gives")
            expect.true(bool(np.abs(got - moved).max() > 1e-6), f"The input of type {kind} does not count.")


@check(item="s003-12d")
def first_word_sees_later_words(student: Student, draw: Draw) -> None:
    """In both types the first word reacts to a later one: nothing is masked. Batches do not mix."""
    for kind in (1, 2):
        mine, _ = twins(student, draw, kind)
        x = draw.tensor(2, 4, WIDTH)
        later = x.clone()
        later[0, 3] += draw.tensor(WIDTH)
        one, two = (expect.numbers(mine(part), (2, 4, WIDTH), what=f"what type {kind} gives") for part in (x, later))
        hint = "an encoder's attention has no mask"
        expect.true(
            bool(np.abs(one[0, 0] - two[0, 0]).max() > 1e-6),
            f"In type {kind}, the first word does not see the last one.",
            hint,
        )
        hint = "nn.MultiheadAttention takes batches first only if it is told so: batch_first=True"
        expect.true(
            bool(np.abs(one[1] - two[1]).max() < 1e-9), f"In type {kind}, one sequence changes another one.", hint
        )


@check(item="s003-12d")
def only_type_1_gives_normalised_states(student: Student, draw: Draw) -> None:
    """What type 1 gives has mean square 1 whatever comes in; type 2 adds to its input, however large that is, and
    normalises what its parts get, however small that is."""
    x = draw.tensor(2, 4, WIDTH, scale=300.0)
    mine, twin = twins(student, draw, 1)
    one = expect.numbers(mine(x), (2, 4, WIDTH), what="what type 1 gives")
    expect.true(bool(np.abs((one**2).mean(-1) - 1).max() < 1e-2), "What type 1 gives is not normalised.", _AFTER)
    no_eps = "LN of the text takes out how large its input is, and has no eps"
    tiny = {name: 1e-6 * value for name, value in twin.named_parameters()}
    mine.load({**mine.parameters(), **tiny})
    one = expect.numbers(mine(1e-9 * x), (2, 4, WIDTH), what="what type 1 gives")
    expect.true(bool(np.abs((one**2).mean(-1) - 1).max() < 1e-2), "Small sums of type 1 are not normalised.", no_eps)
    mine, _ = twins(student, draw, 2)
    two = expect.numbers(mine(x), (2, 4, WIDTH), what="what type 2 gives")
    added = np.abs(two - x.numpy()).max()
    expect.true(bool(added < 25), "A large input of type 2 does not come through its skip as it is.", _BEFORE)
    parts = (1e-13 * x, -1e-13 * x)  # normalised, they are as far from each other as any two
    one, other = (expect.numbers(mine(part), (2, 4, WIDTH), what="what type 2 gives") for part in parts)
    expect.true(bool(np.abs(one - other).max() > 0.05), "Small inputs of type 2 are not normalised.", no_eps)


@check(item="s003-12d")
def each_layer_has_its_own_weights(student: Student, draw: Draw) -> None:
    """Two layers of a type do not share weights."""
    for kind in (1, 2):
        mine, _ = twins(student, draw, kind)
        before = {name: value.clone() for name, value in mine.parameters().items()}
        twins(student, draw, kind)
        after = mine.parameters()
        same = all(torch.equal(value, after[name]) for name, value in before.items())
        expect.true(same, f"Two layers of type {kind} share their weights.", "each call makes a new layer")


@check(item="s003-12d")
def gradients_reach_every_matrix(student: Student, draw: Draw) -> None:
    """In both types the gradients are those of what the layer computes, and the input stays as it was."""
    for kind in (1, 2):
        mine, twin = twins(student, draw, kind)
        x = draw.tensor(2, 3, WIDTH)
        _, after = student.with_inputs(mine, x)
        expect.unharmed(x, after[0], what=f"the input of type {kind}")
        names = [name for name, _ in twin.named_parameters()]
        gradients_fit_values(mine, [x], draw, what=f"what type {kind} gives", known=names)
        input_gradient_fits(student, mine, draw, kind)


def input_gradient_fits(student: Student, mine: Handle, draw: Draw, kind: int) -> None:
    """The gradient that reaches the layer below is the slope of what this one gives. A second input is tried where the
    first one may lie at the kink of a ReLU."""
    shape, step = (1, 3, WIDTH), 1e-6
    for last in (False, True):
        x, way, cotangent = (draw.tensor(*shape) for _ in range(3))
        _, (found,) = student.vjp(mine, [x], [cotangent])
        found = torch.zeros(shape) if found is None else found
        terms = expect.numbers(found, shape, what="a gradient at the input") * way.numpy()
        up, down = (expect.numbers(mine(x + sign * step * way), shape, what="a state") for sign in (1, -1))
        want = float(((up - down) * cotangent.numpy()).sum()) / (2 * step)
        fits = abs(float(terms.sum()) - want) <= 1e-4 * (float(np.abs(terms).sum()) + abs(want))
        if fits or last:
            hint = "nothing on the way may be detached: the skip least of all"
            expect.true(fits, f"The gradient that type {kind} hands down is not that of what it gives.", hint)
            return


@check(item="s003-12d")
def what_is_true_of_both_types(student: Student, draw: Draw) -> None:
    """The letters say what kind of layers these are, and whether they are the same."""
    said = shared.chosen(student, "s003-12d", offered="abcdef")
    hint = "is there a mask, or attention to another sequence? And can both give the same for every input?"
    expect.true(said == {"a", "c", "f"}, "One of your letters is not true of these layers, or one is missing.", hint)


# --- s003-12e ----------------------------------------------------------------


def _normalised(draw: Draw, d: int) -> Array:
    x = draw.array(d)
    x = x - x.mean()
    return np.asarray(x / np.sqrt((x**2).mean()))


def _through(x: torch.Tensor, steps: int) -> torch.Tensor:
    for _ in range(steps):
        x = x + norm(x)
    return x


@check(item="s003-12e", points=2)
def growth_is_that_of_the_stack(student: Student, draw: Draw) -> None:
    """After l layers a stack of identity sub-layers gives scale(l) times its input."""
    for at in (1, 2, 3, 7):
        x = torch.from_numpy(_normalised(draw, 9))
        factor = expect.number(student.scale(at), what="scale(l)")
        hint = "the norm takes the factor out again: each half of a layer adds the same thing, whatever came before"
        expect.close(factor * x, _through(x, 2 * at), what="scale(l) times the input", hint=hint, rtol=1e-6)


@check(item="s003-12e")
def growth_goes_on_in_a_line(student: Student, draw: Draw) -> None:
    """Each further layer adds as much as the one before, at depths of a hundred, too."""
    steps = [expect.number(student.scale(at), what="scale(l)") for at in (10, 11, 12, 100, 101)]
    hint = "does one layer multiply, or add?"
    expect.close(
        [steps[1] - steps[0], steps[2] - steps[1], (steps[3] - steps[2]) / 88, steps[4] - steps[3]],
        [2.0] * 4,
        what="what a further layer adds",
        hint=hint,
        rtol=1e-9,
    )


@check(item="s003-12e")
def no_layer_leaves_the_input(student: Student, draw: Draw) -> None:
    """Without a layer the factor is 1, and after one it is 3."""
    for at, want in ((0, 1), (1, 3)):
        expect.close(expect.number(student.scale(at), what="scale(l)"), want, what=f"scale({at})", rtol=1e-9,
                     hint="no layer gives back what came in; one adds two normalised copies")  # fmt: skip


# --- s003-12f ----------------------------------------------------------------


def _slope(gL: Array, x0: Array, L: int, at: int) -> Array:
    """The gradient after l layers, by autograd."""
    x = torch.from_numpy((2 * at + 1) * x0).requires_grad_(True)
    out = _through(x, 2 * (L - at))
    return torch.autograd.grad(out, x, torch.from_numpy(gL))[0].numpy()


def _gradient(student: Student, gL: Array, x0: Array, L: int, at: int) -> Array:
    return expect.numbers(student.grad_layer(gL, x0, L, at), gL.shape, what="grad_layer(gL, x0, L, l)")


_PATHS = "two parts of g go different ways: one along 1 and x0, and the rest"


@check(item="s003-12f", points=3)
def gradient_through_the_stack_is_exact(student: Student, draw: Draw) -> None:
    """The gradient at every depth equals autograd's."""
    for L, at, size in ((5, 2, 1.0), (3, 1, 1.0), (4, 3, 1e4)):
        x0, gL = _normalised(draw, 7), draw.array(7, scale=size)
        expect.close(
            _gradient(student, gL, x0, L, at), _slope(gL, x0, L, at), what="grad_layer", hint=_PATHS, rtol=1e-6
        )


@check(item="s003-12f")
def gradient_is_right_at_both_ends(student: Student, draw: Draw) -> None:
    """After all L layers it is gL itself; before the first one, the gradient at x0, it is right, too."""
    for L in (4, 1):
        x0, gL = _normalised(draw, 6), draw.array(6)
        hint = "between layer L and layer L there is nothing"
        expect.close(_gradient(student, gL, x0, L, L), gL, what="grad_layer at the top", hint=hint, rtol=1e-6)
        hint = "below the first layer stands x0 itself"
        want = _slope(gL, x0, L, 0)
        expect.close(_gradient(student, gL, x0, L, 0), want, what="grad_layer at the bottom", hint=hint, rtol=1e-6)


@check(item="s003-12f")
def norm_blocks_two_directions(student: Student, draw: Draw) -> None:
    """A gradient along x0, or the same everywhere, comes down as it is: the skip alone carries it."""
    x0 = _normalised(draw, 8)
    for gL in (x0 * draw.uniform(1, 3), np.full(8, draw.uniform(1, 3))):
        hint = "nothing along these directions passes a norm; what does the skip do with it?"
        expect.close(
            _gradient(student, gL, x0, 4, 1), gL, what="grad_layer along a blocked direction", hint=hint, rtol=1e-6
        )


@check(item="s003-12f", points=2)
def bound_is_met_by_what_passes(student: Student, draw: Draw) -> None:
    """The bound is reached by a gradient of length sqrt(d) at right angles to both, so no lower one holds."""
    for L, at, d in ((5, 2, 9), (3, 1, 5), (6, 4, 7)):
        x0, gL = _normalised(draw, d), draw.array(d)
        gL = gL - gL.mean() - x0 * (x0 @ gL) / d
        gL *= math.sqrt(d) / np.linalg.norm(gL)
        want = float(np.linalg.norm(_slope(gL, x0, L, at)))
        got = expect.number(student.gradient_bound(L, at, d), what="gradient_bound(L, l, d)")
        hint = "each half of a layer multiplies by 1 + 1/k; write the product for two layers, and see what cancels"
        expect.close(got, want, what="gradient_bound(L, l, d)", hint=hint, rtol=1e-6)


@check(item="s003-12f")
def bound_at_the_top_is_what_is_given(student: Student, draw: Draw) -> None:
    """At the top the bound is sqrt(d), and it does not grow on the way up."""
    for d in (4, 50):
        L = draw.integer(3, 9)
        found = [expect.number(student.gradient_bound(L, at, d), what="gradient_bound(L, l, d)") for at in range(L + 1)]
        expect.close(
            found[L], math.sqrt(d), what="gradient_bound(L, L, d)", hint="the length that is given there", rtol=1e-9
        )
        expect.true(found == sorted(found, reverse=True), "The bound grows on the way up.", "lower layers may get more")


@check(item="s003-12f")
def stack_leaves_its_arguments_alone(student: Student, draw: Draw) -> None:
    """gL and x0 stay as they were, digits of float64 are kept, large gradients too, and 0 comes down as 0."""
    x0, gL = _normalised(draw, 5), draw.array(5)
    shared.stays_apart(student, "grad_layer", [gL, x0, 3, 1], [draw.array(5), x0, 3, 1])
    shared.digits(student.grad_layer(gL, x0, 3, 1), _slope(gL, x0, 3, 1), what="grad_layer(...)")
    large = 1e4 * gL
    shared.digits(student.grad_layer(large, x0, 2, 1), _slope(large, x0, 2, 1), what="grad_layer of a large gL")
    bound = np.array(7 / 3 * math.sqrt(5))
    shared.digits(student.gradient_bound(3, 1, 5), bound, what="gradient_bound(...)")
    none = _gradient(student, np.zeros(5), x0, 3, 1)
    expect.true(not none.any(), "A gradient of 0 comes down as something else.")
