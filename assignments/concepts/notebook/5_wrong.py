# %% [markdown]
# # Part 5: What goes wrong
#
# Two questions. More than one letter may be right.
#
# **s000-2.07** You train an RNN, and find that its weights and activations are all NaN. What is the *most likely* cause?
# **a** gradients that vanish · **b** gradients that explode · **c** ReLU $g$ is applied to a $z$ that is too large · **d** the sigmoid $g$ is applied to a $z$ that is too large
#
# **s000-2.04** Where can a bias come from that is seen in a model?
# **a** the model was fine-tuned from a pretrained one, which had it · **b** the data that it was trained on are biased · **c** the metric that was optimised is biased

# %% solution="predict-wrong"
# predicted["s000-2.07"] = ({"..."}, 0.5), and predicted["s000-2.04"]
### BEGIN SOLUTION
predicted["s000-2.07"] = ({"b"}, 0.8)
predicted["s000-2.04"] = ({"a", "b"}, 0.6)
### END SOLUTION

# %% [markdown]
# ## 5.1 Gradients that explode, and a leash
#
# **The idea.** *Clipping* is the usual cure: if the norm of all gradients *together* (as one long vector) is more than `most`, all are multiplied by one factor, so that the norm becomes `most`. The direction stays. A gradient that is
# short enough stays as it is.
#
# **By hand.** Gradients $(3)$ and $(0, 4)$ have norm 5. With `most` 1 they become $(0.6)$ and $(0, 0.8)$, with `most` 10 they stay.
#
# **Traps.** One factor for all tensors, not one for each. Gradients may be all zero. And exploding gradients are large: at $10^{200}$ the number is still fine in float64, but its *square* is not.
#
# **Your task** (s000-2.07, clipping).

# %% answer="s000-2.07-clip"
def clip_by_norm(grads: list[Tensor], most: float) -> list[Tensor]:
    """New tensors, scaled by one factor if their joint norm is above `most` > 0, else with the same values.

    grads: tensors of any shapes, finite; they are not changed, and each keeps its shape and dtype.
    """
    ### BEGIN SOLUTION
    largest = max(float(g.abs().max()) for g in grads)
    if largest == 0:
        return [g.clone() for g in grads]
    norm = largest * math.sqrt(sum(float(((g / largest).double() ** 2).sum()) for g in grads))
    return [g * min(1.0, most / norm) for g in grads]
    ### END SOLUTION

# %% tests="s000-2.07-clip"
def public_tests_clip():
    grads = [torch.tensor([3.0], dtype=torch.float64), torch.tensor([[0.0, 4.0]], dtype=torch.float64)]
    short, same = clip_by_norm(grads, 1.0), clip_by_norm(grads, 10.0)
    assert torch.allclose(short[0], grads[0] / 5) and torch.allclose(short[1], grads[1] / 5), "above most: one factor for all"
    assert torch.equal(same[0], grads[0]) and torch.equal(same[1], grads[1]), "below most: as they were"
    assert tuple(short[1].shape) == (1, 2), "each keeps its shape"
    assert float(grads[0]) == 3.0, "the arguments stay as they were: give back new tensors"
    zero = clip_by_norm([torch.zeros(2, dtype=torch.float64)], 1.0)
    assert torch.equal(zero[0], torch.zeros(2, dtype=torch.float64)), "gradients of zero: zero, not NaN"
    mixed = clip_by_norm([torch.zeros(2, dtype=torch.float64), *grads], 1.0)
    assert torch.allclose(mixed[2], grads[1] / 5), "a tensor of zeros among others: the others are clipped"
    huge = clip_by_norm([1e200 * g for g in grads], 1.0)
    assert torch.allclose(huge[0], grads[0] / 5), "gradients of 1e200: their squares overflow, they do not"
    assert clip_by_norm([g.float() for g in grads], 1.0)[0].dtype == torch.float32, "float32 stays float32"


public_tests_clip()

# %% [markdown]
# **Measure.** A recurrent network $h_t = W h_{t-1} + U x_t$ over 30 steps, trained by SGD, with three beginnings: $W$ of spectral radius 0.3 (what is far back vanishes), of 1.1, and 1.1 with your
# clipping at norm 1. Below it, both activations and their slopes at a $z$ that is "too large".

# %% figure="blow-up"
def blow_up():
    for name, g in (("ReLU", torch.relu), ("sigmoid", torch.sigmoid)):
        z = torch.tensor([30.0, 1e4, 1e30], requires_grad=True)
        value = g(z)
        value.sum().backward()
        print(f"{name:8} at z = 30, 1e4, 1e30: values {value.tolist()}, slopes {z.grad.tolist()}")

    def leash(grads):
        return [torch.as_tensor(g) for g in clip_by_norm(grads, 1.0)]

    kinds = {"radius 0.3": (0.3, None), "radius 1.1": (1.1, None), "radius 1.1, clipped": (1.1, leash)}
    for name, (radius, clip) in kinds.items():
        broke = sum(not math.isfinite(blowup.train(radius, seed, clip)[-1]) for seed in (1, 2, 3))
        print(f"{name:20} not finite any more in {broke} of 3 runs")
    return concept_pictures.norms({name: blowup.train(radius, 1, clip) for name, (radius, clip) in kinds.items()})


when_ready("clip_by_norm", blow_up)

# %% answer="s000-2.07"
# replace the dots in  answers["s000-2.07"] = {"..."}
### BEGIN SOLUTION
answers["s000-2.07"] = {"b"}
### END SOLUTION

# %% tests="s000-2.07"
has_letters("s000-2.07", "abcd")

# %% [markdown]
# ## 5.2 A gap between groups
#
# **The idea.** To say that a model treats groups differently one needs a number. A common one: of those whom the truth calls 1 (who would deserve the loan), which share does the model find? This is the *recall*. The gap is the recall in group 0 minus
# the recall in group 1. (It is one measure of several, and they cannot all be zero at once.)
#
# **By hand.** Group 0: three people with truth 1, two of them found. Group 1: two, one found. The gap is $\frac23 - \frac12 = 0.167$. People with truth 0 play no part.
#
# **Your task** (s000-2.04, the gap).

# %% answer="s000-2.04-gap"
def recall_gap(said: np.ndarray, truth: np.ndarray, group: np.ndarray) -> float:
    """Recall in group 0 minus recall in group 1. All (n,) int64 of 0 and 1; each group has someone whose truth is 1."""
    ### BEGIN SOLUTION
    recall = [said[(truth == 1) & (group == k)].mean() for k in (0, 1)]
    return float(recall[0] - recall[1])
    ### END SOLUTION

# %% tests="s000-2.04-gap"
def public_tests_gap():
    truth, group = np.array([1, 1, 1, 0, 0, 1, 1, 0]), np.array([0, 0, 0, 0, 0, 1, 1, 1])
    said = np.array([1, 1, 0, 0, 1, 1, 0, 1])
    assert np.isclose(float(recall_gap(said, truth, group)), 2 / 3 - 1 / 2), "by hand: recall of group 0 minus recall of group 1"
    assert np.isclose(float(recall_gap(said, truth, 1 - group)), 1 / 2 - 2 / 3), "groups exchanged: the sign turns"
    others = np.where(truth == 0, 1 - said, said)
    assert np.isclose(float(recall_gap(others, truth, group)), 2 / 3 - 1 / 2), "people with truth 0: they play no part"
    two = np.array([1, 0])
    assert np.isclose(float(recall_gap(two, np.ones(2, dtype=np.int64), 1 - two)), 1.0), "one in each group: a gap of 1"


public_tests_gap()

# %% [markdown]
# **Measure.** A classifier for two groups of people, in four versions: with nothing wrong; fine-tuned a little from a parent that had learned from bad labels; trained on data in which six of ten
# deserving people of group 1 are recorded as undeserving; trained on good data for a metric in which group 1 counts a fiftieth. Each is tried on 2,000 new people, half of each group. A dot is one of eight seeds.

# %% figure="gaps"
def gaps():
    return concept_pictures.spread(
        {source: [recall_gap(*bias.outcome(source, seed)) for seed in range(8)] for source in bias.SOURCES},
        y="recall of group 0 minus group 1", zero=0.0,
    )


when_ready("recall_gap", gaps)

# %% answer="s000-2.04"
# replace the dots in  answers["s000-2.04"] = {"..."}
### BEGIN SOLUTION
answers["s000-2.04"] = {"a", "b", "c"}
### END SOLUTION

# %% tests="s000-2.04"
has_letters("s000-2.04", "abc")

# %% [markdown]
# # Part 6: What did you know?
#
# Your predictions against what you answered after measuring, scored by your own function. A prediction is a hit if it had exactly the letters of your answer. On the dotted line you are as sure as you are right;
# below it you are surer than that. Somebody who always says 0.5 has a Brier score of 0.25: are you better? Thirteen predictions say little about you, by the way: one more miss moves a share by 8 %.

# %% figure="what-you-knew"
def what_you_knew():
    ids, p, hits = scores.outcomes(predicted, answers)
    if not ids:
        print("no predictions yet")
        return None
    print(f"Brier score {brier(p, hits):.3f} over {len(ids)} predictions; always saying 0.5 gives 0.250")
    return concept_pictures.calibration(p, hits, ids, brier(p, hits))


when_ready("brier", what_you_knew)

# %% [markdown]
# **One more** (s003-2, read by a person). Which topic of the course do you like best, and why? A sentence or two. Every answer earns the points.

# %% [markdown] answer="s003-2"
# ### BEGIN SOLUTION
# Attention as a table of who hears whom: because one can draw it, and then see at a glance what a network cannot know.
# ### END SOLUTION
