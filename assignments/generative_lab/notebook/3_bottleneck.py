# %% [markdown]
# # Part 3: A bottleneck
#
# A network that sorts digits may look at everything, at smudges too, and learn wrong labels by heart. A *variational information bottleneck*
# ([Alemi et al.](https://arxiv.org/abs/1612.00410)) lets it pass on two numbers only, and adds noise to them. How much noise, the network decides, but a quiet code costs. Its price is $\beta$.
#
# An encoder turns an image $x$ into $\mu$ and $\sigma$, two numbers each. The code $Z$ is drawn from $\mathcal{N}(\mu, \sigma^2)$, and a decoder turns it into scores for the classes. Here the classes are
# the digits 3, 5 and 8, and a fifth of the training labels are wrong on purpose.
#
# ## 3.1 A draw that gradients pass through
#
# **Why.** The encoder is to be trained, so the error has to get back to $\mu$ and $\sigma$. But there is no derivative of "draw from". The way out: draw $V$ from a *fixed* distribution, $\mathcal{N}(0, 1)$, as if it were
# another input, and build $Z$ from $\mu$, $\sigma$ and $V$ with a multiplier and an adder.
#
# **Your task** (s003-11a). The function, on torch tensors; the dtype stays, and so does the shape. And the block diagram as a set of pairs (from, to): the blocks are `"mu"`, `"sigma"`, `"V"`, `"times"`, `"plus"` and `"Z"`. The cell below draws it.

# %% answer="s003-11a"
def reparameterise(mu: Tensor, sigma: Tensor, V: Tensor) -> Tensor:
    """A draw Z from N(mu, sigma^2), made of V from N(0, 1); all of one shape, sigma >= 0 (a standard deviation)."""
    ### BEGIN SOLUTION
    return mu + sigma * V
    ### END SOLUTION


diagram = set()  # pairs (from, to), such as ("mu", "times")
### BEGIN SOLUTION
diagram = {("V", "times"), ("sigma", "times"), ("times", "plus"), ("mu", "plus"), ("plus", "Z")}
### END SOLUTION

# %% tests="s003-11a"
def public_tests_draw():
    drawn = torch.Generator().manual_seed(1)
    for shape, dtype in (((4, 2), torch.float64), ((3,), torch.float32), ((), torch.float64), ((1, 1), torch.float64)):
        mu, sigma, V = (torch.randn(shape, generator=drawn, dtype=dtype) for _ in range(3))
        sigma = sigma.abs()
        z = reparameterise(mu, sigma, V)
        assert z.shape == mu.shape, "the shape stays: one draw for each mu"
        assert z.dtype == dtype, "the dtype stays: float32 in, float32 out"
        assert torch.allclose((z - mu).abs(), sigma * V.abs()), "V sigmas away from mu: how far is Z from mu?"
        assert torch.allclose(z + reparameterise(mu, sigma, -V), 2 * mu), "V and -V: Z falls to both sides of mu"
    sure = reparameterise(torch.tensor([2.0, 3.0]), torch.zeros(2), torch.tensor([5.0, -1.0]))
    assert torch.allclose(sure, torch.tensor([2.0, 3.0])), "sigma = 0: Z is mu"
    mu, sigma = torch.zeros(2, requires_grad=True), torch.ones(2, requires_grad=True)
    reparameterise(mu, sigma, torch.tensor([0.5, -2.0])).sum().backward()
    assert mu.grad is not None and sigma.grad is not None, "gradients pass: does the graph reach mu and sigma?"
    names = {"mu", "sigma", "V", "times", "plus", "Z"}
    assert {name for pair in diagram for name in pair} == names, "diagram: all six blocks, and no others"


public_tests_draw()

# %% figure="diagram"
when_ready("diagram", lambda: lab_pictures.blocks(diagram))

# %% [markdown]
# ## 3.2 The loss, and whom it reaches
#
# **The idea.** Two things are wanted. The decoder's $q(y \mid z)$, a softmax of its scores, should give the label much probability: the *task loss* is $-\log q(y \mid z)$, in *nats* (natural logarithm). And the distribution of
# the code should stay near $\mathcal{N}(0, 1)$, whatever $x$ is: the *latent regulariser* is the Kullback-Leibler divergence, for each number of the code
#
# $$D\bigl(\mathcal{N}(\mu, \sigma^2) \,\Vert\, \mathcal{N}(0, 1)\bigr) = \tfrac12 \left(\mu^2 + \sigma^2 - 1 - \ln \sigma^2\right),$$
#
# summed over the numbers of a code. The loss of an image is the task loss plus $\beta$ times the regulariser; the loss of a batch is the mean over its $n$ images.
#
# **Traps.** $\log q$ alone has the wrong sign: to make it smaller is to make mistakes. $\sigma$ is a standard deviation, not a variance. Scores may be large.
#
# **By hand.** $\mu = 0$ and $\sigma = 1$: what does the code cost, and what does it tell the decoder?
#
# **Your task** (s003-11b). The loss. And: training minimises its sum over batches, with $V$ treated as an input. Which of the two terms send a gradient to the parameters of the encoder, which to those of the decoder? Sets of `"task"` and `"reg"`.

# %% answer="s003-11b"
def vib_loss(logits: Tensor, y: Tensor, mu: Tensor, sigma: Tensor, beta: float) -> Tensor:
    """Mean over the batch of task loss + beta * regulariser, a tensor of one number.

    logits: (n, k) scores; y: (n,) classes; mu, sigma: (n, d), sigma > 0; beta >= 0
    """
    ### BEGIN SOLUTION
    task = torch.nn.functional.cross_entropy(logits, y)
    reg = 0.5 * (mu**2 + sigma**2 - 1 - 2 * torch.log(sigma)).sum(dim=-1).mean()
    return task + beta * reg
    ### END SOLUTION


enc = set()  # of "task" and "reg": what the encoder learns from
dec = set()  # and the decoder
### BEGIN SOLUTION
enc, dec = {"task", "reg"}, {"task"}
### END SOLUTION

# %% tests="s003-11b"
def public_tests_loss():
    for dtype in (torch.float64, torch.float32):
        logits, y = torch.zeros(2, 3, dtype=dtype), torch.tensor([0, 2])
        mu, sigma = torch.zeros(2, 1, dtype=dtype), torch.ones(2, 1, dtype=dtype)
        even = vib_loss(logits, y, mu, sigma, 0.5)
        assert even.dtype == dtype and even.numel() == 1, "one number, in the dtype of the scores"
        assert abs(float(even) - math.log(3)) < 1e-6, "equal scores, mu = 0, sigma = 1: ln 3 nats, and the code is free"
    mu, sigma = torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.full((2, 2), 0.5)
    free = float(vib_loss(logits, y, mu, sigma, 0.0))
    one = 0.5 * (0.25 - 1 - math.log(0.25))
    assert abs(free - math.log(3)) < 1e-6, "beta = 0: the cross-entropy alone"
    paid = float(vib_loss(logits, y, mu, sigma, 2.0)) - free
    assert abs(paid - 2 * (4 * one + 0.5 * 1 + 0.5 * 4) / 2) < 1e-5, "the regulariser: summed over a code, a mean over images, times beta"
    sure = float(vib_loss(torch.tensor([[1000.0, 0.0]]), torch.tensor([1]), mu[:1, :1], sigma[:1, :1], 0.0))
    assert abs(sure - 1000) < 1e-3, "one image, large scores: a wrong answer with a lead of 1000 costs 1000 nats"
    for told in (enc, dec):
        assert told and set(told) <= {"task", "reg"}, 'enc and dec: sets of "task" and "reg"'


public_tests_loss()

# %% [markdown]
# ## 3.3 Held-out error against beta
#
# **Why.** What does $\beta$ do to the error on images that were *not* trained on? Commit yourself before you look: does it fall, rise, first fall and then rise, or stay? And then measure.
#
# **The experiment.** Eight values of $\beta$, five starts each: 40 networks, trained on 360 images with **your** draw and **your** loss. A model holds its five starts one beside the other, so $\mu$, $\sigma$ and the scores have a
# leading axis for the start. All of it takes about twenty seconds of one core, once; the weights are kept in `checkpoints/`. If you change `reparameterise` or `vib_loss` afterwards, delete that folder.

# %% locked="bottlenecks"
def trained_bottlenecks():
    """beta -> the trained model with its five starts: from checkpoints/ if they are there."""
    return {
        beta: checkpoints.train_or_load(
            f"bottleneck-{beta:g}", bottleneck.Bottleneck(),
            lambda fresh, beta=beta: bottleneck.train(fresh, beta, reparameterise, vib_loss),
        ).model
        for beta in bottleneck.BETAS
    }


# %% [markdown]
# **Your task** (s003-11c). First a measurement: the mean of $-\log q(y \mid z)$ over images and over draws of $z$, for each start. The models answer `mu, sigma = model.encode(x)` (each `(S, n, 2)`) and `model.decode(z)`; give the
# function what it needs as numbers. Then the table `held_out`, on the images and true labels of `bottleneck.data()` with the draws `V = bottleneck.noise()`, `(20, S, n, 2)`. Last, the letter of the
# curve that your table follows from small $\beta$ to large:
#
# | a | b | c | d |
# |---|---|---|---|
# | falls all the way | falls, then rises | rises, then falls | stays about level |

# %% answer="s003-11c"
def mean_nll(logits: Tensor, y: Tensor) -> Tensor:
    """The mean of -log q(y | z) in nats for each start: logits (draws, S, n, k), y (n,) -> (S,)."""
    ### BEGIN SOLUTION
    logq = torch.log_softmax(logits, dim=-1)
    taken = logq.gather(-1, y.expand(logits.shape[:-1]).unsqueeze(-1)).squeeze(-1)
    return -taken.mean(dim=(0, 2))
    ### END SOLUTION


bottlenecks = {}  # beta -> trained model
held_out = {}  # beta -> list of five numbers, one per start
# and, last, answers["s003-11c"] = {"a"}, with your letter
### BEGIN SOLUTION
bottlenecks = trained_bottlenecks()
_, _, x_new, y_new = bottleneck.data()
for beta, model in bottlenecks.items():
    with torch.no_grad():
        mu, sigma = model.encode(x_new)
        held_out[beta] = mean_nll(model.decode(reparameterise(mu, sigma, bottleneck.noise())), y_new).tolist()
answers["s003-11c"] = {"b"}
### END SOLUTION

# %% tests="s003-11c"
def public_tests_curve():
    logits = torch.log(torch.tensor([[[[0.5, 0.5], [0.25, 0.75]]], [[[0.125, 0.875], [0.5, 0.5]]]]))
    found = numeric.as_float64(mean_nll(logits, torch.tensor([0, 1])))
    assert found.shape == (1,), "one number for each start: the second axis"
    want = -(math.log(0.5) + math.log(0.75) + math.log(0.125) + math.log(0.5)) / 4
    assert abs(float(found[0]) - want) < 1e-5, "the mean of -log q: over draws and images"
    two = torch.stack([torch.zeros(1, 3), torch.tensor([[900.0, 0.0, 0.0]])])[None]
    found = numeric.as_float64(mean_nll(two, torch.tensor([1])))
    assert found.shape == (2,), "one draw, two starts, one image"
    assert torch.allclose(found, torch.tensor([math.log(3), 900.0], dtype=torch.float64)), "each start by itself; large scores stay finite"
    for beta in bottleneck.BETAS:
        assert beta in held_out and len(held_out[beta]) == bottleneck.STARTS, f"held_out: five numbers at beta = {beta:g}"
    assert answers.get("s003-11c"), 'the letter: answers["s003-11c"] = {...}'


public_tests_curve()

# %% figure="curve"
when_ready("held_out", lambda: lab_pictures.against_beta(
    {beta: bottleneck.measured(model) for beta, model in bottlenecks.items()}, math.log(3)
))

# %% [markdown]
# The dotted line is what guessing costs, $\ln 3 = 1.10$ nats. On the left the noisy labels are learned by heart: the network is sure of itself, and sometimes surely wrong. On the right nothing gets through. The
# *share* of wrong answers is kinder on the left: it does not ask how sure one was.
#
# ## 3.4 Which beta made which plot
#
# **The plots.** Three of your models, their first start. Each dot is the mean $\mu$ of an image that was not trained on, its colour the true digit; around the first ten the circle of one $\sigma$. The circle at the centre is the prior, $\mathcal{N}(0, 1)$. Look at the scales of
# the axes. The models have $\beta = 10^{-6}$, $0.2$ and $1$, in *another* order.

# %% figure="panels"
when_ready("bottlenecks", lambda: lab_pictures.panels(
    {name: bottlenecks[beta] for name, beta in bottleneck.PANELS.items()}
))

# %% [markdown]
# The same can be said in two numbers per plot: how widely the means are spread, and how large $\sigma$ is on average. For three plots in an exam (digits in a 2-d code, $\beta = 10^{-6}$, $10^{-3}$ and $1$) they were about
#
# | plot | spread of the means | mean $\sigma$ |
# |---|---|---|
# | a | 2.5 | 0.44 |
# | b | 8.2 | 0.06 |
# | c | 0.19 | 0.98 |
#
# **Your task** (s003-11d-i). `panel_betas`: which $\beta$ has each of *your* plots? And the rule as a function, for any three plots: their names, scales and order may be others. The three $\beta$ are given, in any order.

# %% answer="s003-11d-i"
# "a", "b", "c" -> 1e-6, 0.2 or 1.0
panel_betas = {}
### BEGIN SOLUTION
panel_betas = {"a": 0.2, "b": 1e-6, "c": 1.0}
### END SOLUTION


def match(stats: dict, betas: tuple = (1e-6, 1e-3, 1.0)) -> dict:
    """name of a plot -> its beta. stats: name -> (spread of the means, mean sigma), for three plots."""
    ### BEGIN SOLUTION
    from_noisy_to_quiet = sorted(stats, key=lambda name: stats[name][1], reverse=True)
    return dict(zip(from_noisy_to_quiet, sorted(betas, reverse=True), strict=True))
    ### END SOLUTION

# %% tests="s003-11d-i"
def public_tests_match():
    assert sorted(panel_betas) == ["a", "b", "c"], "panel_betas: one beta for each of a, b and c"
    assert sorted(panel_betas.values()) == [1e-6, 0.2, 1.0], "panel_betas: each of 1e-6, 0.2 and 1.0 once"
    found = match({"left": (0.1, 0.99), "middle": (6.0, 0.02), "right": (2.0, 0.5)})
    assert sorted(found) == ["left", "middle", "right"], "match: one beta for each name"
    assert sorted(found.values()) == [1e-6, 1e-3, 1.0], "match: each of the three betas once"
    found = match({"left": (0.1, 0.99), "middle": (6.0, 0.02), "right": (2.0, 0.5)}, (0.5, 0.01, 3.0))
    assert sorted(found.values()) == [0.01, 0.5, 3.0], "match: the betas that were given"
    assert found["left"] == 3.0, "match: means on one point and sigma 1, so nothing gets through; what did that code cost?"


public_tests_match()

# %% [markdown]
# ## 3.5 Which latent space predicts best
#
# **Your task** (s003-11d-ii). The letter of *your* plot whose model predicts best on new images: `answers["s003-11d-ii"] = {"a"}`, with your letter. Is it what your table of 3.3 says? And as a function, for three plots with $\beta = 10^{-6}$, $10^{-3}$ and $1$ as in the exam:
# which of them has the code that is best to predict from?

# %% answer="s003-11d-ii"
# first answers["s003-11d-ii"] = {"..."}, with your letter
### BEGIN SOLUTION
answers["s003-11d-ii"] = {"a"}
### END SOLUTION


def best(stats: dict) -> str:
    """The name of the best of three plots with beta 1e-6, 1e-3 and 1. stats: name -> (spread of the means, mean sigma)."""
    ### BEGIN SOLUTION
    return next(name for name, beta in match(stats).items() if beta == 1e-3)
    ### END SOLUTION

# %% tests="s003-11d-ii"
def public_tests_best():
    assert answers.get("s003-11d-ii"), 'the letter: answers["s003-11d-ii"] = {...}'
    stats = {"left": (0.1, 0.99), "middle": (6.0, 0.02), "right": (2.0, 0.5)}
    assert best(stats) in stats, "best: the name of one of the plots"
    assert best(stats) != "left", "best: where all means lie on one point, nothing is left to predict from"


public_tests_best()

# %% [markdown]
# **Write it down** (s003-11d-ii, reasons; read by a person). Why does it predict best? One or two sentences about each of the three spaces, with your numbers.

# %% [markdown] answer="s003-11d-ii-reasons"
# ### BEGIN SOLUTION
# Plot a ($\beta = 0.2$): the classes lie apart, so the decoder can tell them, and all of it is near the prior, with $\sigma$ about 0.4: a neighbouring image gets a similar
# answer, and a single wrong label cannot be learned by heart. It costs 0.74 nats on new images (0.71 to 0.77, five starts). Plot b ($10^{-6}$): $\sigma$ is 0.005, so the code is as good as free of noise and keeps everything, smudges too; wrong labels are
# learned by heart, and sure mistakes on new images cost 1.13 nats (1.02 to 1.22). Plot c (1): all means lie on one point and $\sigma$ is 1; nothing of $x$ is left, and the
# loss is that of guessing, 1.11 nats.
# ### END SOLUTION

# %% [markdown]
# **What holds, and what does not** (not graded). The trend (too loose, about right, collapsed) is general; the numbers are not. Where the best $\beta$ lies depends on how long one trains, on how many labels are wrong and on how many images
# there are. With clean labels and few updates the left end is as good as the middle: try `bottleneck.train` with `updates=300`.
