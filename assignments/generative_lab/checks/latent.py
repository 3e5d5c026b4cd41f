"""Hidden checks of the bottleneck's parts: the draw, its diagram, the loss, and whom the loss reaches."""

from __future__ import annotations

import numpy as np
import torch

from autograder.judge import Draw, Student, check, expect

from .shared import words

_BLOCKS = {"mu", "sigma", "V", "times", "plus", "Z"}
_KL = "per number of the code half of mu^2 + sigma^2 - 1 - ln sigma^2; sigma is a standard deviation"


def _latent(draw: Draw, *shape: int, dtype: torch.dtype = torch.float64) -> tuple[torch.Tensor, ...]:
    """mu, sigma > 0 and V of one shape."""
    return draw.tensor(*shape, dtype=dtype), draw.tensor(*shape, dtype=dtype).exp(), draw.tensor(*shape, dtype=dtype)


@check(item="s003-11a", points=2)
def distance_from_the_mean(student: Student, draw: Draw) -> None:
    """Z lies |V| standard deviations away from mu, to either side, for a single number, rows and columns."""
    for shape in ((4, 3), (5,), (), (1, 1)):
        mu, sigma, V = _latent(draw, *shape)
        mu = 30.0 * mu
        z = expect.tensor(student.reparameterise(mu, sigma, V), tuple(shape), what="reparameterise(mu, sigma, V)")
        hint = "which of the three is multiplied with which, and what is added?"
        expect.close((z - mu).abs(), sigma * V.abs(), what="the distance of Z from mu", hint=hint)
        other = expect.tensor(student.reparameterise(mu, sigma, -V), tuple(shape), what="reparameterise(mu, sigma, -V)")
        # Which of the two is above mu is free; both would be N(mu, sigma^2).
        expect.close(z + other, 2 * mu, what="Z of V and of -V together", hint="a draw falls to both sides of mu")


@check(item="s003-11a")
def gradient_at_mu(student: Student, draw: Draw) -> None:
    """Z moves as mu moves."""
    inputs, weight = list(_latent(draw, 3, 2)), draw.tensor(3, 2)
    _, gradients = student.vjp("reparameterise", inputs, [weight])
    hint = "is mu detached on the way, or drawn from without a gradient?"
    expect.true(gradients[0] is not None, "No gradient reaches mu.", hint)
    expect.close(gradients[0], weight, what="the gradient at mu", hint=hint)


@check(item="s003-11a")
def gradient_at_sigma(student: Student, draw: Draw) -> None:
    """Z moves with sigma by |V|."""
    inputs, weight = list(_latent(draw, 3, 2)), draw.tensor(3, 2)
    _, gradients = student.vjp("reparameterise", inputs, [weight])
    hint = "is sigma detached on the way, or does its square or its root stand before V?"
    expect.true(gradients[1] is not None, "No gradient reaches sigma.", hint)
    found = expect.tensor(gradients[1], (3, 2), what="the gradient at sigma")
    expect.close(found.abs(), (weight * inputs[2]).abs(), what="the size of the gradient at sigma", hint=hint)


@check(item="s003-11a")
def a_sure_code_is_its_mean(student: Student, draw: Draw) -> None:
    """With sigma = 0 the code is mu; the dtype stays, arguments too, and the same V gives the same Z."""
    mu, _, V = _latent(draw, 4)
    got = student.reparameterise(mu, torch.zeros(4, dtype=torch.float64), V)
    expect.close(got, mu, what="reparameterise with sigma = 0", hint="nothing is random then")
    for dtype in (torch.float32, torch.float64):
        given = list(_latent(draw, 4, 2, dtype=dtype))
        first, after = student.with_inputs("reparameterise", *given)
        expect.unharmed(given, after, what="an argument of reparameterise")
        expect.dtype(first, given[0], what="reparameterise(mu, sigma, V)")
        expect.same(first, student.reparameterise(*given), what="reparameterise called twice", hint="V is the noise")


@check(item="s003-11a", points=2)
def the_diagram_computes_the_draw(student: Student, draw: Draw) -> None:
    """Walked from its inputs to Z, the diagram multiplies sigma with V and adds mu, each block used once."""
    pairs = expect.pairs(student.value("diagram"), what="diagram")
    names = {name for pair in pairs for name in pair}
    expect.true(names == _BLOCKS, "The diagram does not have the six blocks, by their names.", "two inputs each?")
    into = {block: {a for a, b in pairs if b == block} for block in _BLOCKS}
    sound = all(not into[name] for name in ("mu", "sigma", "V"))
    expect.true(sound, "An arrow ends in mu, sigma or V.", "they are inputs: arrows leave them")
    expect.true(
        into["times"] == {"sigma", "V"}, "The multiplier does not have the right inputs.", "what does V have to become?"
    )
    expect.true(
        into["plus"] == {"times", "mu"}, "The adder does not have the right inputs.", "what is shifted by what?"
    )
    expect.true(into["Z"] == {"plus"}, "Z does not come from the last block.", "which block is the last?")


def _batch(
    draw: Draw, n: int, k: int, d: int, dtype: torch.dtype = torch.float64
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Scores, classes, mu and sigma > 0, whose logarithms do not average to 0."""
    y = torch.tensor([draw.integer(0, k - 1) for _ in range(n)])
    sigma = (draw.tensor(n, d, scale=0.5) - 0.7).exp()
    return draw.tensor(n, k, scale=2.0, dtype=dtype), y, draw.tensor(n, d, dtype=dtype), sigma.to(dtype)


def _loss(student: Student, *given: object) -> float:
    return expect.number(student.vib_loss(*given), what="vib_loss(...)")


def _divergence(mu: torch.Tensor, sigma: torch.Tensor) -> float:
    normal = torch.distributions.Normal
    each = torch.distributions.kl_divergence(normal(mu, sigma), normal(torch.zeros_like(mu), torch.ones_like(sigma)))
    return float(each.sum(-1).mean())


def _task(logits: torch.Tensor, y: torch.Tensor) -> float:
    return float(-torch.log_softmax(logits, -1)[torch.arange(len(y)), y].mean())


@check(item="s003-11b")
def without_beta_it_is_the_task(student: Student, draw: Draw) -> None:
    """At beta = 0 the loss is the mean of -log q over the batch."""
    for n, k, d in ((5, 4, 2), (7, 3, 1)):
        logits, y, mu, sigma = _batch(draw, n, k, d)
        hint = "which sign has a loss that is to be made small? A mean over images, natural logarithms"
        expect.close(
            _loss(student, logits, y, mu, sigma, 0.0), _task(logits, y), what="vib_loss at beta = 0", hint=hint
        )


@check(item="s003-11b", points=2)
def the_code_pays_its_divergence(student: Student, draw: Draw) -> None:
    """What beta adds, per unit, is the divergence from the prior: summed over a code, a mean over images."""
    for n, k, d in ((5, 3, 2), (4, 2, 3)):
        logits, y, mu, sigma = _batch(draw, n, k, d)
        mu = 5.0 * d * mu  # far from the prior, too
        added = _loss(student, logits, y, mu, sigma, 1.0) - _loss(student, logits, y, mu, sigma, 0.0)
        expect.close(added, _divergence(mu, sigma), what="what beta = 1 adds", hint=_KL, rtol=1e-7)


@check(item="s003-11b")
def beta_weighs_the_code(student: Student, draw: Draw) -> None:
    """Twice the beta costs twice as much, and the task costs what it did."""
    logits, y, mu, sigma = _batch(draw, 6, 3, 2)
    none, half, two = (_loss(student, logits, y, mu, sigma, beta) for beta in (0.0, 0.5, 2.0))
    expect.true(abs(two - none) > 1e-6, "beta changes nothing.")
    hint = "beta stands before the regulariser, and nowhere else"
    expect.close(4 * (half - none), two - none, what="what beta adds", hint=hint, rtol=1e-7)


@check(item="s003-11b")
def a_code_like_the_prior_is_free(student: Student, draw: Draw) -> None:
    """mu = 0 and sigma = 1 cost nothing, and any other code costs something, wide or narrow."""
    logits, y, mu, sigma = _batch(draw, 4, 3, 2)
    zeros, ones = torch.zeros_like(mu), torch.ones_like(sigma)
    task = _loss(student, logits, y, zeros, ones, 0.0)
    expect.close(_loss(student, logits, y, zeros, ones, 3.0), task, what="the loss of a code like the prior", hint=_KL)
    for m, s in ((mu, ones), (zeros, 0.01 * ones), (zeros, 5.0 * ones)):
        costs = _loss(student, logits, y, m, s, 1.0) > task + 1e-6
        expect.true(costs, "A code that differs from the prior costs nothing.", _KL)


@check(item="s003-11b")
def gradients_of_the_loss(student: Student, draw: Draw) -> None:
    """The loss sends the right gradients to the scores, to mu and to sigma."""
    logits, y, mu, sigma = _batch(draw, 5, 3, 2)
    shape = expect.array(student.vib_loss(logits, y, mu, sigma, 1.0), what="vib_loss(...)").shape
    expect.true(int(np.prod(shape)) == 1, "What vib_loss gives is not a single number.", "a mean over the batch")
    one = torch.ones(shape, dtype=torch.float64)
    _, gradients = student.vjp("vib_loss", [logits, y, mu, sigma, 1.0], [one])
    expect.true(all(g is not None for g in gradients), "The loss sends no gradient to one of scores, mu and sigma.")
    wanted = [(torch.softmax(logits, -1) - torch.nn.functional.one_hot(y, 3)) / 5, mu / 5, (sigma - 1 / sigma) / 5]
    wide = 4 * sigma  # where it is the square of sigma that counts, not its logarithm
    gradients = [*gradients, student.vjp("vib_loss", [logits, y, mu, wide, 1.0], [one])[1][2]]
    wanted.append((wide - 1 / wide) / 5)
    for name, got, want in zip(("the scores", "mu", "sigma", "sigma"), gradients, wanted, strict=True):
        hint = "is a part detached, turned into a plain number, or computed without a gradient?"
        alive = expect.tensor(got, tuple(want.shape), what=f"the gradient at {name}")
        expect.true(bool((alive != 0).any()), f"The gradient at {name} is zero.", hint)
        # a wrong value has its own checks: here it is the direction that counts
        along = float((alive * want).sum() / (alive.norm() * want.norm()))
        expect.true(along > 0.5, f"The gradient at {name} does not lead where the loss rises.", hint, f"{along:.2f}")


@check(item="s003-11b")
def large_scores_and_small_batches(student: Student, draw: Draw) -> None:
    """Scores of a thousand and narrow codes give finite losses, for one image too; the dtype and the arguments stay."""
    logits, y = torch.tensor([[0.0, 1000.0, -1000.0]], dtype=torch.float64), torch.tensor([2])
    mu, sigma = draw.tensor(1, 1), torch.full((1, 1), 1e-6, dtype=torch.float64)
    hint = "log-softmax at once, instead of the logarithm of a softmax; ln of sigma, not of its square"
    for beta in (0.0, 1.0):
        expect.finite(student.vib_loss(logits, y, mu, sigma, beta), what="vib_loss of large scores", hint=hint)
    lead = abs(_loss(student, logits, y, mu, sigma, 0.0)) > 500  # its sign and unit have their own checks
    expect.true(lead, "A wrong answer with a great lead costs little.", "is the loss cut off somewhere?")
    for dtype in (torch.float32, torch.float64):
        given = [*_batch(draw, 4, 3, 2, dtype), 0.5]
        first, after = student.with_inputs("vib_loss", *given)
        expect.unharmed(given, after, what="an argument of vib_loss")
        expect.dtype(first, given[0], what="vib_loss(...)")


@check(item="s003-11b")
def what_the_encoder_learns_from(student: Student, draw: Draw) -> None:
    """Both terms, or one of them: what sends a gradient to the encoder is named."""
    told = words(student.value("enc"), ("task", "reg"), what="enc")
    hint = "follow the arrows back from each term: through Z to mu and sigma, and straight to mu and sigma"
    expect.true(told == {"task", "reg"}, "This is not what the encoder learns from.", hint)


@check(item="s003-11b")
def what_the_decoder_learns_from(student: Student, draw: Draw) -> None:
    """What sends a gradient to the decoder is named."""
    told = words(student.value("dec"), ("task", "reg"), what="dec")
    hint = "in which of the two terms do the decoder's scores stand?"
    expect.true(told == {"task"}, "This is not what the decoder learns from.", hint)
