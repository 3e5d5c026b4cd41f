# %% [markdown]
# # Part 2: Diffusion
#
# Add a little noise to a digit, and again, and again, until nothing of it is left. Each step is so small that it can be undone *nearly*; a network learns
# how. Then start from pure noise and undo all of them: out comes a digit that nobody wrote.
#
# ## 2.1 How much is left after t steps
#
# **The idea.** One step keeps a share of what is there and adds noise: $z_t = \sqrt{1 - \beta_t}\; z_{t-1} + \sqrt{\beta_t}\; \epsilon_t$ with fresh $\epsilon_t \sim \mathcal{N}(0, 1)$.
# Training needs $z_t$ for some $t$ in the hundreds. Walking there is slow, and needless: a sum of independent normal variables is normal, so
# $z_t = \sqrt{\alpha_t}\; z_0 + \sqrt{1 - \alpha_t}\; \epsilon$ for some number $\alpha_t$.
#
# **By hand.** $\beta = (0.1, 0.3)$: write $z_2$ through $z_0$, and add up the variances of the two noises. What is $\alpha_2$, and is what you found $1 - \alpha_2$?
#
# **Your task** (s003-10a). All $\alpha_t$ at once, for $t = 1, \dots, T$. Numpy arrays of float64 in this part; $0 \le \beta_t < 1$.

# %% answer="s003-10a"
def alpha_bar(betas: np.ndarray) -> np.ndarray:
    """alpha_1, ..., alpha_T: (T,) -> (T,), where betas[0] belongs to step 1."""
    ### BEGIN SOLUTION
    return np.cumprod(1 - betas)
    ### END SOLUTION

# %% tests="s003-10a"
def public_tests_alpha():
    found = numeric.as_float64(alpha_bar(np.array([0.1, 0.3]))).numpy()
    assert found.shape == (2,), "one number for each step: (T,) in, (T,) out"
    assert abs(found[0] - 0.9) < 1e-12, "the first step keeps 0.9: does the list begin with step 1?"
    assert abs(found[1] - 0.63) < 1e-12, "two steps keep 0.63: what multiplies z_0, squared?"
    assert np.allclose(numeric.as_float64(alpha_bar(np.array([0.25]))).numpy(), [0.75]), "a single step"
    still = numeric.as_float64(alpha_bar(np.array([0.2, 0.0, 0.5]))).numpy()
    assert np.allclose(still, [0.8, 0.8, 0.4]), "a step with beta = 0 changes nothing"


public_tests_alpha()

# %% [markdown]
# ## 2.2 From one step to a later one
#
# **The idea.** The walk from $z_t$ on looks like the walk from $z_0$ on. So for $\tau > t$ again
# $z_\tau = \sqrt{\gamma}\; z_t + \sqrt{1 - \gamma}\; \epsilon$, and $\gamma$ follows from $\alpha_t$ and $\alpha_\tau$ alone.
#
# **Your task** (s003-10b). Two numbers, $0 < \alpha_\tau \le \alpha_t \le 1$. They may be tiny.

# %% answer="s003-10b"
def gamma(alpha_t: float, alpha_tau: float) -> float:
    """The share of z_t's variance that is left in z_tau."""
    ### BEGIN SOLUTION
    return alpha_tau / alpha_t
    ### END SOLUTION

# %% tests="s003-10b"
def public_tests_gamma():
    assert abs(float(gamma(0.9, 0.63)) - 0.7) < 1e-12, "from step 1 to step 2 of the example above: one step with beta = 0.3"
    assert abs(float(gamma(1.0, 0.4)) - 0.4) < 1e-12, "from the start: what is left is alpha_tau"
    assert abs(float(gamma(0.5, 0.5)) - 1) < 1e-12, "from a step to itself: nothing is lost"
    assert abs(float(gamma(1e-12, 2.5e-13)) - 0.25) < 1e-9, "late steps: both numbers are tiny, their ratio is not"


public_tests_gamma()

# %% [markdown]
# ## 2.3 Two noise levels of one path
#
# **Why.** The number of a step means nothing; only the noise counts. So drop the steps, and say how noisy $z$ is: $\eta = (1 - \alpha)/\alpha$, the *ratio of noise to signal*, which runs from 0 to $\infty$.
# Write $\tilde z(\eta)$ for the path at that level. One level is easy. But a *pair* of levels must belong to one path: the noise in the first is still in the second.
#
# **By hand.** Solve $\eta = (1 - \alpha)/\alpha$ for $\alpha$. Then 2.1 gives $\tilde z(\eta_1)$ from $z_0$ and $V_1$, and 2.2 gives $\tilde z(\eta_2)$ from $\tilde z(\eta_1)$ and $V_2$.
# At $\eta_1 = 1$, $\eta_2 = 3$: what are $\alpha_1$, $\alpha_2$ and $\gamma$?
#
# **Your task** (s003-10c). $z_0$, $V_1$ and $V_2$ are arrays of one shape, whatever it is; entries do not mix. $0 \le \eta_1 < \eta_2$ are numbers. All randomness comes from
# $V_1$ and $V_2$, which are independent and standard normal. Any construction with the right joint law is right.

# %% answer="s003-10c"
def pair_sampler(
    z0: np.ndarray, eta1: float, eta2: float, V1: np.ndarray, V2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(z at noise level eta1, z at noise level eta2) of one diffusion path from z0; all arrays of one shape."""
    ### BEGIN SOLUTION
    z1 = (z0 + np.sqrt(eta1) * V1) / np.sqrt(1 + eta1)
    z2 = np.sqrt((1 + eta1) / (1 + eta2)) * z1 + np.sqrt((eta2 - eta1) / (1 + eta2)) * V2
    return z1, z2
    ### END SOLUTION

# %% tests="s003-10c"
def public_tests_pair():
    rng = np.random.default_rng(2)
    V1, V2 = rng.standard_normal((2, 200_000))
    for eta1, eta2 in ((0.4, 3.0), (1.0, 1.2)):
        z1, z2 = (numeric.as_float64(z).numpy() for z in pair_sampler(np.full(200_000, 2.0), eta1, eta2, V1, V2))
        for z, eta in ((z1, eta1), (z2, eta2)):
            assert abs(z.mean() - 2 / math.sqrt(1 + eta)) < 0.02, f"the signal that is left at eta = {eta:g}: sqrt(alpha) z0"
            assert abs(z.var() - eta / (1 + eta)) < 0.02, f"the variance of the noise at eta = {eta:g}: 1 - alpha"
    still = [numeric.as_float64(z).numpy() for z in pair_sampler(np.ones((2, 1)), 0.0, 1.0, np.ones((2, 1)), np.zeros((2, 1)))]
    assert np.allclose(still[0], 1.0), "no noise, eta1 = 0: the first is z0 itself"
    assert still[1].shape == (2, 1), "any shape: two rows of one number"


public_tests_pair()

# %% [markdown]
# **See it.** One path per row, through eight levels. Level by level it is *one* noise that grows. On the right the two levels against each other, for one fixed pixel: two independent draws would show a round cloud.

# %% figure="paths"
def paths_seen():
    rng, z0 = np.random.default_rng(3), diffusion.scaled(digits.images()[[3, 5, 8, 14]])
    etas, rows = [0.0, 0.05, 0.2, 0.6, 1.5, 4.0, 12.0, 60.0], [z0]
    for k, high in enumerate(etas[1:]):
        low = etas[k]
        # from level to level: undo the scale at the lower level, go on from there
        here = rows[-1] * math.sqrt(1 + low)
        both = pair_sampler(here, 0.0, (high - low), *rng.standard_normal((2, *z0.shape)))
        rows.append(numeric.as_float64(both[1]).numpy() * math.sqrt(1 + high - low) / math.sqrt(1 + high))
    V1, V2 = rng.standard_normal((2, 600))
    cloud = [numeric.as_float64(z).numpy() for z in pair_sampler(np.zeros(600), 0.5, 1.0, V1, V2)]
    return lab_pictures.paths(np.stack(rows, axis=1), etas, *cloud)


when_ready("pair_sampler", paths_seen)

# %% [markdown]
# ## 2.4 One step back
#
# **The idea.** Say you have $\tilde z(\eta_2)$, and somebody tells you $z_0$. Then $\tilde z(\eta_1)$ is a normal variable whose mean lies between the two and whose variance does not depend on them.
# The scales get in the way, so take $u(\eta) = \sqrt{1 + \eta}\; \tilde z(\eta)$. Then $u(\eta) = z_0 + W(\eta)$, where $W$ adds up independent noise: its variance is $\eta$. This is a random walk that starts in $z_0$.
#
# **By hand.** Given where a random walk is at time $\eta_2$, where was it at time $\eta_1$? On the straight line on average: $\mathbb{E}[u(\eta_1)] = z_0 + \frac{\eta_1}{\eta_2}(u(\eta_2) - z_0)$. Its variance around that line is
# $\eta_1(\eta_2 - \eta_1)/\eta_2$: 0 at both ends.
#
# **Your task** (reverse-step). $0 \le \eta_1 < \eta_2$; arrays of one shape, as before, and $V$ is standard normal.

# %% answer="reverse-step"
def reverse_step(z2: np.ndarray, z0: np.ndarray, eta1: float, eta2: float, V: np.ndarray) -> np.ndarray:
    """A draw of z at level eta1, given z2 at level eta2 and the datum z0."""
    ### BEGIN SOLUTION
    share = eta1 / eta2
    u1 = z0 + share * (np.sqrt(1 + eta2) * z2 - z0) + np.sqrt(share * (eta2 - eta1)) * V
    return u1 / np.sqrt(1 + eta1)
    ### END SOLUTION

# %% tests="reverse-step"
def public_tests_back():
    ones, zeros = np.ones((3, 1)), np.zeros((3, 1))
    back = numeric.as_float64(reverse_step(ones, 2 * ones, 0.0, 3.0, ones)).numpy()
    assert back.shape == (3, 1), "any shape: three rows of one number"
    assert np.allclose(back, 2.0), "back at eta1 = 0: that is z0, whatever z2 and V are"
    line = numeric.as_float64(reverse_step(2 * ones, zeros, 1.0, 3.0, zeros)).numpy()
    assert np.allclose(line, 4 / 3 / math.sqrt(2)), "V = 0: on the straight line from z0 to u2, and scaled back to z"
    rng = np.random.default_rng(4)
    z0, V1, V2, V = rng.standard_normal((4, 100_000))
    z1, z2 = (numeric.as_float64(z).numpy() for z in pair_sampler(z0, 0.7, 2.0, V1, V2))
    again = numeric.as_float64(reverse_step(z2, z0, 0.7, 2.0, V)).numpy()
    assert abs(again.var() - z1.var()) < 0.02, "there and back: the variance at eta1 is that of the pair sampler"
    assert abs(np.mean(again * z2) - np.mean(z1 * z2)) < 0.02, "there and back: z1 and z2 vary together as in the pair sampler"


public_tests_back()

# %% [markdown]
# ## 2.5 Digits out of noise
#
# **The model.** `diffusion.Denoiser` sees a noisy digit and its level, and guesses $z_0$. It is trained on pairs from **your** sampler: both versions of a digit are to be
# denoised. Training takes about 20 seconds of one core and is done once; the weights are kept in `checkpoints/`. If you change `pair_sampler` afterwards, delete that folder.

# %% locked="denoiser"
def trained_denoiser():
    """The denoiser: from checkpoints/ if it is there."""
    return checkpoints.train_or_load("denoiser", diffusion.Denoiser(), lambda fresh: diffusion.train(fresh, pair_sampler)).model


def plain_guess(z, eta):
    """The best guess of z0 for who knows nothing but that it has mean 0 and variance 1; to try `generate` with."""
    return z / np.sqrt(1 + eta)


# %% [markdown]
# **The walk back.** `etas` falls: $\eta_1 > \eta_2 > \dots > \eta_K > 0$. Begin with `start` at the first level. At each level guess $z_0$, and take a step back to the next level as if the guess were right. The
# guess will be better there. At the last level, give back the guess itself: what noise is left there should not be in the picture.
#
# **Your task** (diffusion). The walk, and then 200 digits: use `diffusion.ETAS` and `diffusion.start_and_noise()`. Leave them on the scale of $z$ (`diffusion.pixels` is for pictures).

# %% answer="diffusion"
def generate(denoise, etas, start: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Walk from noise to data: start (n, d) at level etas[0] -> guesses of z0 (n, d) at level etas[-1].

    denoise(z, eta) -> guess of z0, of the shape of z; etas: K falling numbers; noise: (K - 1, n, d), one for each step
    """
    ### BEGIN SOLUTION
    z = start
    for k in range(len(etas) - 1):
        z = reverse_step(z, denoise(z, etas[k]), etas[k + 1], etas[k], noise[k])
    return denoise(z, etas[-1])
    ### END SOLUTION


denoiser = None  # the trained model
samples = None  # (200, 64)
### BEGIN SOLUTION
denoiser = trained_denoiser()
samples = generate(diffusion.as_function(denoiser), diffusion.ETAS, *diffusion.start_and_noise())
### END SOLUTION

# %% tests="diffusion"
def public_tests_generate():
    start = np.array([[1.0], [-2.0]])
    alone = numeric.as_float64(generate(plain_guess, [3.0], start, np.zeros((0, 2, 1)))).numpy()
    assert np.allclose(alone, start / 2), "a single level: the guess at that level, and no step"
    noise = np.ones((2, 2, 1))
    told = numeric.as_float64(generate(plain_guess, [8.0, 3.0, 1.0], start, noise)).numpy()
    z = start
    for high, low, V in ((8.0, 3.0, noise[0]), (3.0, 1.0, noise[1])):
        z = numeric.as_float64(reverse_step(z, plain_guess(z, high), low, high, V)).numpy()
    assert told.shape == (2, 1), "the shape stays: (n, d)"
    assert np.allclose(told, z / math.sqrt(2)), "two steps and a guess: at which level is the guess made, and where does it lead?"
    found = numeric.as_float64(samples).numpy()
    assert found.shape == (diffusion.SAMPLES, digits.PIXELS), "samples: 200 digits of 64 numbers"
    assert 0.5 < found.std() < 1.5, "samples: on the scale of z, about 1"


public_tests_generate()

# %% figure="samples"
def samples_seen():
    found = numeric.as_float64(samples).numpy()
    train = diffusion.scaled(digits.split()[0].numpy())
    near = ((found[:, None] - train[None]) ** 2).sum(axis=-1)
    held = diffusion.scaled(digits.split()[2].numpy())[:200]
    theirs = ((held[:, None] - train[None]) ** 2).sum(axis=-1).min(axis=1)
    print(f"squared distance to the nearest training digit, median: samples {np.median(near.min(axis=1)):.1f}, "
          f"digits that were held out {np.median(theirs):.1f}")
    return lab_pictures.samples(diffusion.pixels(found[:40]), diffusion.pixels(train[near[:40].argmin(axis=1)]))


when_ready("samples", samples_seen)

# %% [markdown]
# **What holds, and what does not** (not graded). The samples are not copies: the nearest training digit, below each, differs. Some are no digits at all. A larger network, or one that is told which digit to draw, does better;
# the walk back is the same in the large models.
