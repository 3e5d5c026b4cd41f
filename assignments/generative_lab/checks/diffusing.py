"""Hidden checks of part 2: noise levels, pairs of them, the step back, and the samples."""

from __future__ import annotations

import math

import numpy as np
from seq2kit.generative import diffusion, digits

from autograder.judge import Draw, Student, calibrated, check, expect, properties

from . import generating
from .shared import Array, digits_kept, linear

_LEVELS = ((0.4, 3.0), (1.0, 1.2), (0.05, 40.0))
_ALPHA = "a share of z_0 is left after each step; shares multiply, and 1 - beta is the square of what stands before z"


def _betas(draw: Draw, T: int) -> Array:
    return np.array([draw.uniform(0.02, 0.5) for _ in range(T)])


def _alphas(student: Student, betas: Array) -> Array:
    return expect.numbers(student.alpha_bar(betas), betas.shape, what="alpha_bar(betas)")


@check(item="s003-10a")
def signal_shrinks_step_by_step(student: Student, draw: Draw) -> None:
    """Each alpha_t is the one before, times what step t keeps; the first belongs to the first step."""
    betas, alpha, want = _betas(draw, 6), 1.0, []
    for beta in betas:
        alpha = alpha * (1 - beta)
        want.append(alpha)
    expect.close(_alphas(student, betas), want, what="alpha_bar(betas)", hint=_ALPHA, rtol=properties.ROUGH)


@check(item="s003-10a")
def noise_fills_what_signal_leaves(student: Student, draw: Draw) -> None:
    """Adding up the variance of the noise step by step gives 1 - alpha_t."""
    betas, variance, want = _betas(draw, 5), 0.0, []
    for beta in betas:
        variance = (1 - beta) * variance + beta
        want.append(variance)
    hint = "the variance of the noise and the square of what stands before z_0 add up to 1"
    expect.close(1 - _alphas(student, betas), want, what="1 - alpha_bar(betas)", hint=hint, rtol=properties.ROUGH)


@check(item="s003-10a")
def long_and_single_schedules(student: Student, draw: Draw) -> None:
    """One step, steps that change nothing, and a thousand steps after which hardly anything is left."""
    one = np.array([draw.uniform(0.1, 0.9)])
    expect.close(_alphas(student, one), 1 - one, what="alpha_bar of one step", hint=_ALPHA, rtol=properties.ROUGH)
    still = np.array([0.0, draw.uniform(0.1, 0.5), 0.0])
    got, want = _alphas(student, still), [1.0, 1 - still[1], 1 - still[1]]
    expect.close(got, want, what="alpha_bar where beta is 0", hint=_ALPHA, rtol=properties.ROUGH)
    hint = "is a small number added on the way?"
    expect.close([got[0], got[2]], [1.0, got[1]], what="alpha_bar where beta is 0", hint=hint, rtol=1e-11)
    long = np.linspace(1e-4, draw.uniform(0.02, 0.03), 1000)
    got, want = _alphas(student, long), np.exp(np.cumsum(np.log1p(-long)))
    expect.close(got[-1] / want[-1], 1.0, what="the last of a thousand alphas", hint=_ALPHA, rtol=1e-4)


@check(item="s003-10a")
def betas_stay(student: Student, draw: Draw) -> None:
    """The betas stay as they were, and another schedule gives other alphas."""
    betas = _betas(draw, 4)
    first, after = student.with_inputs("alpha_bar", betas)
    expect.unharmed(betas, after[0], what="betas")
    expect.same(first, student.alpha_bar(betas), what="alpha_bar called twice")
    digits_kept(first, what="alpha_bar(betas)")
    other = _alphas(student, betas * 0.5)
    expect.true(bool((other != expect.array(first, what="it")).any()), "alpha_bar gives the same for all betas.")


@check(item="s003-10b", points=2)
def share_between_two_steps(student: Student, draw: Draw) -> None:
    """gamma is what the steps between t and tau keep, for neighbours and for steps far apart."""
    betas = _betas(draw, 9)
    alphas = np.cumprod(1 - betas)
    for t, tau in ((0, 1), (2, 6), (1, 8)):
        got = expect.number(student.gamma(float(alphas[t]), float(alphas[tau])), what="gamma(alpha_t, alpha_tau)")
        hint = "alpha_tau is what the first t steps keep, times what the steps after them keep"
        expect.close(got, float(np.prod(1 - betas[t + 1 : tau + 1])), what="gamma(alpha_t, alpha_tau)", hint=hint)


@check(item="s003-10b")
def shares_chain(student: Student, draw: Draw) -> None:
    """From a to b and on to c is from a to c; from a step to itself nothing is lost."""
    a, b, c = (math.exp(-value) for value in (draw.uniform(0.1, 0.3), draw.uniform(0.5, 1.0), draw.uniform(1.5, 3.0)))
    ab, bc, ac, aa = (
        expect.number(student.gamma(*pair), what="gamma(...)") for pair in ((a, b), (b, c), (a, c), (a, a))
    )
    expect.close(ab * bc, ac, what="gamma over two stretches against gamma over both")
    expect.close(aa, 1.0, what="gamma from a step to itself")
    expect.true(abs(ab - 1) > 1e-6, "gamma does not depend on how far apart the steps are.")


@check(item="s003-10b")
def share_of_tiny_alphas(student: Student, draw: Draw) -> None:
    """Late in a long schedule both alphas are tiny, and gamma is right all the same."""
    tiny, share = 10.0 ** -draw.integer(9, 14), draw.uniform(0.1, 0.9)
    got = expect.number(student.gamma(tiny, tiny * share), what="gamma of tiny alphas")
    hint = "a constant added below, or 1 - alpha, drowns numbers that are this small"
    expect.close(got, share, what="gamma of tiny alphas", hint=hint, rtol=1e-6)


def _two(reply: object, shape: tuple[int, ...]) -> list[Array]:
    hint = "give back two things: z at eta1 and z at eta2"
    return list(expect.numbers(reply, (2, *shape), what="what pair_sampler returns", hint=hint))


def _pair(student: Student, z0: Array, eta1: float, eta2: float, V1: Array, V2: Array) -> list[Array]:
    return _two(student.pair_sampler(z0, eta1, eta2, V1, V2), z0.shape)


def _coefficients(student: Student, draw: Draw, eta1: float, eta2: float) -> tuple[Array, Array]:
    """With what z0, V1 and V2 enter the two."""
    parts = [10.0 * draw.array(40) for _ in range(3)]
    first, second = _pair(student, parts[0], eta1, eta2, parts[1], parts[2])
    return linear(first, parts, what="the first of the pair"), linear(second, parts, what="the second of the pair")


@check(item="s003-10c")
def signal_at_both_levels(student: Student, draw: Draw) -> None:
    """Of z0 each level keeps the root of its alpha."""
    for eta1, eta2 in _LEVELS:
        for found, eta in zip(_coefficients(student, draw, eta1, eta2), (eta1, eta2), strict=True):
            hint = "solve eta = (1 - alpha) / alpha for alpha: more noise, less signal"
            expect.close(found[0], 1 / math.sqrt(1 + eta), what="what stands before z0", hint=hint, rtol=1e-6)


@check(item="s003-10c")
def noise_at_the_first_level(student: Student, draw: Draw) -> None:
    """Given z0, the variance of the first is 1 - alpha at its level."""
    for eta1, eta2 in _LEVELS:
        first, _ = _coefficients(student, draw, eta1, eta2)
        hint = "a variance is the square of what stands before V"
        expect.close(first[1:] @ first[1:], eta1 / (1 + eta1), what="the variance at eta1", hint=hint, rtol=1e-6)


@check(item="s003-10c")
def noise_at_the_second_level(student: Student, draw: Draw) -> None:
    """Given z0, the variance of the second is 1 - alpha at its level."""
    for eta1, eta2 in _LEVELS:
        _, second = _coefficients(student, draw, eta1, eta2)
        hint = "two noises: what is left of the first, and the new one; their variances add up"
        expect.close(second[1:] @ second[1:], eta2 / (1 + eta2), what="the variance at eta2", hint=hint, rtol=1e-6)


@check(item="s003-10c", points=2)
def both_lie_on_one_path(student: Student, draw: Draw) -> None:
    """Given z0, the two vary together as two points of one diffusion do."""
    for eta1, eta2 in _LEVELS:
        first, second = _coefficients(student, draw, eta1, eta2)
        want = eta1 / math.sqrt((1 + eta1) * (1 + eta2))
        hint = "the noise of the first is still in the second: go on from the first, not from z0"
        expect.close(first[1:] @ second[1:], want, what="the covariance of the two", hint=hint, rtol=1e-6)


@check(item="s003-10c")
def without_noise_it_is_the_datum(student: Student, draw: Draw) -> None:
    """At eta1 = 0 the first is z0, and just above it nearly so."""
    z0, V1, V2 = draw.array(5), draw.array(5), draw.array(5)
    first, _ = _pair(student, z0, 0.0, 2.0, V1, V2)
    expect.close(first, z0, what="the first of the pair at eta1 = 0", hint="no noise: what is alpha?")
    near, _ = _pair(student, z0, 1e-10, 2.0, V1, V2)
    expect.close(near, z0, what="the first of the pair at a tiny eta1", hint="no noise: what is alpha?", atol=1e-3)


@check(item="s003-10c")
def any_shape_and_nothing_else(student: Student, draw: Draw) -> None:
    """Arrays of any shape, the same twice, and z0, V1 and V2 as they were."""
    for shape in ((3, 4), (1, 1), (6,)):
        given = [draw.array(*shape), 0.3, 1.7, draw.array(*shape), draw.array(*shape)]
        reply, after = student.with_inputs("pair_sampler", *given)
        expect.unharmed(given, after, what="an argument of pair_sampler")
        again = _pair(student, *given)  # type: ignore[arg-type]
        for one, other in zip(_two(reply, shape), again, strict=True):
            expect.same(one, other, what="pair_sampler called twice", hint="all randomness comes from V1 and V2")
            digits_kept(one, what="one of the pair")


def _back(student: Student, draw: Draw, eta1: float, eta2: float) -> Array:
    """With what z2, z0 and V enter the step back."""
    parts = [10.0 * draw.array(40) for _ in range(3)]
    got = student.reverse_step(parts[0], parts[1], eta1, eta2, parts[2])
    what = "reverse_step(...)"
    return linear(expect.numbers(got, (40,), what=what), parts, what=what)


@check(item="reverse-step")
def back_along_the_line_from_z2(student: Student, draw: Draw) -> None:
    """What z2 counts for is the share of the way, on the scale of z."""
    for eta1, eta2 in _LEVELS:
        want = eta1 / eta2 * math.sqrt((1 + eta2) / (1 + eta1))
        hint = "z2 on the scale of u, its share of the way, and back to the scale of z at eta1"
        expect.close(_back(student, draw, eta1, eta2)[0], want, what="what stands before z2", hint=hint, rtol=1e-6)


@check(item="reverse-step")
def back_along_the_line_to_z0(student: Student, draw: Draw) -> None:
    """What z0 counts for is the rest of the way, on the scale of z."""
    for eta1, eta2 in _LEVELS:
        want = (1 - eta1 / eta2) / math.sqrt(1 + eta1)
        hint = "the line leads from z0 to u2: z0 has the rest of the way, then the scale of z at eta1"
        expect.close(_back(student, draw, eta1, eta2)[1], want, what="what stands before z0", hint=hint, rtol=1e-6)


@check(item="reverse-step", points=2)
def back_with_the_right_noise(student: Student, draw: Draw) -> None:
    """The variance around the line is that of a random walk between two known ends."""
    for eta1, eta2 in _LEVELS:
        want = eta1 * (eta2 - eta1) / (eta2 * (1 + eta1))
        hint = "the variance of u between its two ends, a root of it before V, and the scale of z at eta1"
        got = _back(student, draw, eta1, eta2)[2] ** 2
        expect.close(got, want, what="the variance of the step back", hint=hint, rtol=1e-6)


@check(item="reverse-step")
def back_at_the_start_is_the_datum(student: Student, draw: Draw) -> None:
    """Back at eta1 = 0 there is z0, for arrays of any shape, which stay as they were."""
    for shape in ((4, 3), (1, 1)):
        given = [draw.array(*shape), draw.array(*shape), 0.0, 1.4, draw.array(*shape)]
        got, after = student.with_inputs("reverse_step", *given)
        expect.unharmed(given, after, what="an argument of reverse_step")
        expect.numbers(got, shape, what="reverse_step at eta1 = 0")
        expect.close(got, given[1], what="reverse_step at eta1 = 0", hint="no noise is left there", rtol=1e-10)


def _walked(student: Student, etas: list[float], start: Array, noise: Array) -> Array:
    """The walk by the student's own steps."""
    z = start
    for k in range(len(etas) - 1):
        guess = z / math.sqrt(1 + etas[k])
        got = student.reverse_step(z, guess, etas[k + 1], etas[k], noise[k])
        z = expect.numbers(got, start.shape, what="reverse_step(...)")
    found: Array = z / math.sqrt(1 + etas[-1])
    return found


def _generated(student: Student, etas: list[float], start: Array, noise: Array) -> Array:
    guess = expect.handle(student.value("plain_guess"), what="`plain_guess`", hint="leave the given cells as they are")
    got = student.generate(guess, etas, start, noise)
    return expect.numbers(got, start.shape, what="generate(...)")


@check(item="diffusion", points=2)
def the_walk_goes_level_by_level(student: Student, draw: Draw) -> None:
    """Each step goes from its level to the next, with the guess of that level and its own noise."""
    for etas, n, d in (([9.0, 2.0, 0.5, 0.1], 3, 2), ([30.0, 1.0, 0.2], 3, 1), ([4.0, 0.3], 1, 1)):
        start, noise = 100 * draw.array(n, d), draw.array(len(etas) - 1, n, d)
        got = _generated(student, etas, start, noise)
        hint = "guess at the level where you are, step to the next one, and guess once more at the last"
        expect.close(got, _walked(student, etas, start, noise), what="generate(...)", hint=hint, rtol=properties.ROUGH)


@check(item="diffusion")
def one_level_is_one_guess(student: Student, draw: Draw) -> None:
    """With a single level there is no step: the guess at that level comes back; start stays as it was."""
    start, noise, etas = draw.array(2, 3), np.zeros((0, 2, 3)), [draw.uniform(1.0, 5.0)]
    guess = expect.handle(student.value("plain_guess"), what="`plain_guess`", hint="leave the given cells as they are")
    got, after = student.with_inputs("generate", guess, etas, start, noise)
    expect.unharmed([start, noise], after[2:], what="an argument of generate")
    hint = "what comes back is a guess of z0, not a z"
    expect.close(got, start / math.sqrt(1 + etas[0]), what="generate with one level", hint=hint, rtol=1e-7)


@check(item="diffusion")
def walks_leave_nothing_behind(student: Student, draw: Draw) -> None:
    """Start, noise and levels stay as they were; another start leads elsewhere, and to all its digits."""
    etas, start, noise, way = [9.0, 2.0, 0.5], draw.array(3, 2), draw.array(2, 3, 2), draw.array(3, 2)
    guess = expect.handle(student.value("plain_guess"), what="`plain_guess`", hint="leave the given cells as they are")
    first, after = student.with_inputs("generate", guess, etas, start, noise)
    expect.unharmed([start, noise], after[2:], what="an argument of generate")
    expect.true(len(expect.array(after[1], what="etas")) == 3, "The list of the levels changed during the call.")
    here = expect.numbers(first, start.shape, what="generate(...)")
    near, far = ((_generated(student, etas, start + step * way, noise) - here) / step for step in (1e-9, 1e-4))
    expect.true(bool(np.abs(far).max() > 1e-6), "generate gives the same for another start.", "is a result kept?")
    hint = "float64 stays float64 on the way: is something converted?"
    smooth = bool(np.abs(near - far).max() < 1e-2 * np.abs(far).max())
    expect.true(smooth, "generate(...) has lost the digits of float64.", hint)


@check(item="diffusion", points=2, training=generating.TRAINING)
def the_denoiser_beats_any_linear_rule(student: Student, draw: Draw) -> None:
    """On digits that were held out, the handed-in denoiser guesses better than any linear rule can, as ours does."""
    model = generating.handed_in(student)
    ratio = generating.against_linear(model, draw.seed)
    bar = calibrated(__file__, "error over linear error")
    hint = "is it trained with all updates, on pairs whose two levels are what the sampler is told?"
    told = "The denoiser guesses hidden digits worse than ours."
    expect.true(bar.met_by(ratio), told, hint, f"ratio {ratio:.3f}")


@check(item="diffusion", points=2, training=generating.TRAINING)
def samples_come_from_the_denoiser(student: Student, draw: Draw) -> None:
    """The 200 samples are what the handed-in denoiser draws from the given noise."""
    got = expect.numbers(student.value("samples"), (diffusion.SAMPLES, digits.PIXELS), what="samples", most=1e6)
    model = generating.handed_in(student)
    wanted = [generating.drawn(model, sign) for sign in (1.0, -1.0)]
    off = min(float(np.abs(got - want).mean()) for want in wanted)
    hint = "all levels of diffusion.ETAS, start and noise as given, on the scale of z; run the notebook from the top"
    expect.true(off < 0.02, "The samples are not what the handed-in denoiser draws.", hint, f"off {off:.3g}")


@check(item="diffusion", training=generating.TRAINING)
def samples_look_like_digits(student: Student, draw: Draw) -> None:
    """The samples lie about as near to real digits as ours do."""
    got = expect.numbers(student.value("samples"), (diffusion.SAMPLES, digits.PIXELS), what="samples", most=1e6)
    far = generating.distance(got)
    bar = calibrated(__file__, "distance of samples")
    hint = "is the denoiser trained in full, and does the walk reach the last level?"
    expect.true(bar.met_by(far), "The samples lie further from real digits than ours.", hint, f"distance {far:.2f}")
