"""Losses, scaling laws, distributions: what a number says."""

from __future__ import annotations

import math

from autograder.questions import Draws, Numeric, Slip, template
from autograder.questions.templates import CLOSE


@template("perplexity", topic="measuring", source="s000-5.1.9b", title="From loss to perplexity", minutes=2, level=1)
def perplexity(draw: Draws) -> Numeric:
    loss = draw.integer(150, 420) / 100
    return Numeric(
        f"A language model's mean cross-entropy is {loss:.2f} nats a token. What is its perplexity?",
        math.exp(loss),
        (
            Slip(2**loss, "base 2", "The loss is in nats, so the base is e."),
            Slip(loss, "the loss itself", "The perplexity is the loss turned back from logarithms."),
            Slip(math.exp(-loss), "the wrong sign", "A perplexity is never below 1: it is among how many equal choices one would guess."),
            Slip(10**loss, "base 10", "The loss is in nats, so the base is e."),
        ),
        f"$e^{{{loss:.2f}}}$",
        "",
        CLOSE,
    )  # fmt: skip


@template("bits-per-token", topic="measuring", source="s000-5.1.9b", title="From nats to bits", minutes=2, level=1)
def bits_per_token(draw: Draws) -> Numeric:
    loss = draw.integer(120, 480) / 100
    return Numeric(
        f"A language model's mean cross-entropy is {loss:.2f} nats a token. How many bits a token is that?",
        loss / math.log(2),
        (
            Slip(loss * math.log(2), "multiplies", "A bit is less than a nat, so there are more of them."),
            Slip(
                math.exp(loss),
                "the perplexity",
                "This asks for another unit of the same quantity, not for a perplexity.",
            ),
            Slip(loss / math.log(10), "base 10", "A bit is a choice between two."),
        ),
        f"${loss:.2f} / \\ln 2$",
        "bits",
        CLOSE,
    )


@template("initial-loss", topic="measuring", source="s003-9iii", title="Before any training", minutes=2, level=1)
def initial_loss(draw: Draws) -> Numeric:
    v, n = draw.pick((200, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 50_000)), draw.pick((64, 128, 256))
    return Numeric(
        f"A language model with {v:,} words and texts of {n} tokens is so initialised that its logits are all nearly 0. What is its "
        "cross-entropy before training, in nats a token?",
        math.log(v),
        (
            Slip(math.log2(v), "in bits", "Nats were asked for: the natural logarithm."),
            Slip(math.log10(v), "base 10", "Nats were asked for: the natural logarithm."),
            Slip(math.log(n), "takes the length of the text", "The guess is among the words, at each place."),
            Slip(n * math.log(v), "of the whole text", "The loss is the mean over the tokens, not the sum."),
        ),
        f"$\\ln {v}$",
        "nats",
        CLOSE,
    )


@template("training-tokens", topic="measuring", source="s001-2.3.4", title="Tokens for a budget", minutes=2, level=2)
def training_tokens(draw: Draws) -> Numeric:
    c, n = draw.pick((3.0, 4.5, 6.0, 9.0, 12.0, 15.0)), draw.pick((20, 25, 40, 50, 60, 80))
    return Numeric(
        f"Training costs about 6 FLOPs for each parameter and token. With a budget of ${c:g} \\cdot 10^{{18}}$ FLOPs and a model of {n} million parameters, on how many "
        "million tokens can one train?",
        c * 1e18 / (6 * n * 1e6) / 1e6,
        (
            Slip(c * 1e18 / (2 * n * 1e6) / 1e6, "counts the forward pass", "The backward pass costs twice as much again as the forward pass."),
            Slip(c * 1e18 / (n * 1e6) / 1e6, "one FLOP each", "Each parameter takes part in several operations for each token."),
            Slip(20.0 * n, "twenty tokens a parameter", "That rule says how to choose the size for a budget; here both are given."),
        ),
        f"$C / (6N)$ with $C = {c:g} \\cdot 10^{{18}}$, $N = {n} \\cdot 10^6$",
        "million tokens",
        CLOSE,
    )  # fmt: skip


@template(
    "optimal-size", topic="measuring", source="s001-2.3.3b", title="The best size for a budget", minutes=4, level=3
)
def optimal_size(draw: Draws) -> Numeric:
    c, ratio = draw.integer(1, 9), draw.pick((10, 15, 20, 25, 30, 40))
    budget = c * 1e18
    return Numeric(
        f"Suppose that it is best to train on {ratio} tokens for each parameter, and that training costs 6 FLOPs for each parameter and token. How many million "
        f"parameters has the best model for ${c:g} \\cdot 10^{{18}}$ FLOPs?",
        math.sqrt(budget / (6 * ratio)) / 1e6,
        (
            Slip(math.sqrt(budget / 6) / 1e6, "as many tokens as parameters", "There are several tokens for each parameter, and that enters under the root."),
            Slip(math.sqrt(budget * ratio / 6) / 1e6, "the number of tokens", "This is how many tokens there are. The number of parameters was asked for."),
            Slip(math.sqrt(budget / ratio) / 1e6, "forgets the six", "Each parameter and token costs more than one operation."),
            Slip(math.sqrt(budget / 6) / ratio / 1e6, "divides after the root", "Put the ratio into the cost first, then take the root."),
        ),
        f"$C = 6 N \\cdot r N$, so $N = \\sqrt{{C / (6 r)}}$ with $r = {ratio}$",
        "million parameters",
        CLOSE,
    )  # fmt: skip


@template(
    "power-law", topic="measuring", source="s001-2.3.3a", title="A straight line in logarithms", minutes=3, level=2
)
def power_law(draw: Draws) -> Numeric:
    alpha, factor, loss = draw.integer(20, 60) / 100, draw.pick((4, 8, 10, 16)), draw.integer(20, 60) / 10
    return Numeric(
        f"The part of a loss that can be reduced follows a power law: it is proportional to $N^{{-{alpha:.2f}}}$. At one size it is {loss:.1f} nats. What is it for a model "
        f"with {factor} times as many parameters?",
        loss * factor**-alpha,
        (
            Slip(loss - alpha * math.log(factor), "a line on a logarithmic axis only", "In a power law the loss's logarithm falls along a line, not the loss."),
            Slip(loss / (alpha * factor), "multiplies by the exponent", "The factor is raised to the exponent."),
            Slip(loss * factor**alpha, "the wrong sign", "A larger model has a lower loss here."),
            Slip(loss * math.exp(-alpha * factor), "exponential decay", "A power law falls with the logarithm of the size, not with the size."),
        ),
        f"${loss:.1f} \\cdot {factor}^{{-{alpha:.2f}}}$",
        "nats",
        CLOSE,
    )  # fmt: skip


@template("noise-level", topic="measuring", source="s003-10a", title="What is left of the picture", minutes=3, level=2)
def noise_level(draw: Draws) -> Numeric:
    betas = draw.sample((0.05, 0.1, 0.15, 0.2, 0.25, 0.3), 3)
    left = math.prod(1 - beta for beta in betas)
    told = ", ".join(f"{beta:g}" for beta in betas)
    return Numeric(
        "A diffusion step turns $z$ into $\\sqrt{1-\\beta}\\, z + \\sqrt{\\beta}\\, \\epsilon$ with fresh noise of unit variance. "
        f"Three steps have $\\beta$ = {told}. What is the variance of the noise in the result, given the picture?",
        1 - left,
        (
            Slip(sum(betas), "variances add up", "The noise of earlier steps is scaled down by the later ones."),
            Slip(left, "the share of the picture", "This is the square of the factor before the picture. The rest is noise."),
            Slip(math.prod(betas), "multiplies the noise", "What is multiplied is what is left of the picture."),
            Slip(math.sqrt(1 - left), "the standard deviation", "The variance was asked for."),
        ),
        "$1 - \\prod (1 - \\beta)$",
        "",
        CLOSE,
    )  # fmt: skip


@template("gaussian-kl", topic="measuring", source="s003-11b", title="A bottleneck's price", minutes=4, level=3)
def gaussian_kl(draw: Draws) -> Numeric:
    mu, sigma = draw.integer(5, 20) / 10, draw.pick((0.2, 0.3, 0.4, 0.5, 0.6))
    return Numeric(
        f"The encoder of a variational bottleneck gives mean {mu:.1f} and standard deviation {sigma:g} for its one latent number. What does the regulariser, the KL divergence from the "
        "standard normal, cost in nats?",
        0.5 * (mu**2 + sigma**2 - 1 - math.log(sigma**2)),
        (
            Slip(mu**2 + sigma**2 - 1 - math.log(sigma**2), "forgets the half", "The logarithm of a Gaussian has a half before its square."),
            Slip(0.5 * (mu**2 + sigma**2 - 1 - math.log(sigma)), "ln of sigma", "The variance stands in the logarithm, not the standard deviation."),
            Slip(0.5 * (mu**2 + sigma - 1 - math.log(sigma)), "takes sigma for the variance", "The standard deviation was given; the variance is its square."),
            Slip(0.5 * (mu**2 + sigma**2 - 1), "forgets the logarithm", "A narrow Gaussian costs something even where its mean is 0."),
        ),
        "$\\frac{1}{2}(\\mu^2 + \\sigma^2 - 1 - \\ln \\sigma^2)$",
        "nats",
        CLOSE,
    )  # fmt: skip


@template("bptt-factor", topic="measuring", source="s002-1.2", title="How a gradient vanishes", minutes=3, level=2)
def bptt_factor(draw: Draws) -> Numeric:
    norm, slope, steps = draw.pick((0.8, 0.9, 1.1, 1.2)), draw.pick((0.25, 0.5, 0.75)), draw.integer(4, 8)
    return Numeric(
        f"In a recurrent network the matrix has spectral norm {norm:g}, and the activation's slope is at most {slope:g}. By which factor, at most, is the "
        f"norm of a gradient multiplied over {steps} steps back in time?",
        (norm * slope) ** steps,
        (
            Slip(norm**steps, "forgets the slope", "Each step back passes the activation, too."),
            Slip(slope**steps, "forgets the matrix", "Each step back passes the matrix, too."),
            Slip(norm * slope, "one step", "Each step back multiplies once more."),
            Slip(norm * slope**steps, "the matrix once", "The matrix is used at every step."),
        ),
        f"$({norm:g} \\cdot {slope:g})^{{{steps}}}$",
        "",
        0.02,
    )


@template(
    "momentum-bias", topic="measuring", source="s002-2.3", title="A running average from zero", minutes=3, level=2
)
def momentum_bias(draw: Draws) -> Numeric:
    beta, steps, gradient = draw.pick((0.5, 0.8, 0.9)), draw.integer(2, 5), draw.integer(2, 9)
    return Numeric(
        f"A running average starts at 0 and becomes $m \\leftarrow {beta:g}\\, m + {1 - beta:.1f}\\, g$ at each step. The gradient is {gradient} every time. What is $m$ after "
        f"{steps} steps, before any correction?",
        gradient * (1 - beta**steps),
        (
            Slip(gradient, "the average itself", "It starts at 0, and has not caught up yet."),
            Slip(gradient * (1 - beta), "one step", "Each step brings it nearer."),
            Slip(gradient * beta**steps, "what is missing", "This is how far it still is from the gradient."),
            Slip(gradient * sum(beta**n for n in range(steps)), "momentum without the weight", "New gradients are weighted, too, and not with 1."),
        ),
        f"$g\\,(1 - \\beta^t) = {gradient}\\,(1 - {beta:g}^{{{steps}}})$",
        "",
        CLOSE,
    )  # fmt: skip
