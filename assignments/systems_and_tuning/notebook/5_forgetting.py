# %% [markdown]
# # Part 5: Forgetting
#
# ## 5.1 Who forgets most?
#
# **Three scenarios.** You have a good language model and want it to do many tasks.
#
# 1. For each task, a soft prompt of its own.
# 2. For each task, a LoRA correction in the top 4 layers.
# 3. One full fine-tuning of the model on all of the tasks together.
#
# **Your task** (s003-7a). In which scenario is *catastrophic forgetting* most likely, the loss of what the model could do before and nobody trained on? And in which are the base model's own weights
# changed? Decide first, then look at the picture of 4.5 again. (For scenario 3, "on all tasks" sounds safe. Is what the base model could do among them?)

# %% answer="s003-7a"
# answers["s003-7a"]: the number of a scenario. base_changes: {1: True or False, 2: ..., 3: ...}
base_changes = None
### BEGIN SOLUTION
answers["s003-7a"] = {3}
base_changes = {1: False, 2: False, 3: True}
### END SOLUTION

# %% tests="s003-7a"
def public_tests_scenarios():
    assert answers.get("s003-7a"), 'give your choice as answers["s003-7a"] = {...}'
    assert isinstance(base_changes, dict) and set(base_changes) == {1, 2, 3}, "base_changes: an entry for each scenario"
    assert all(value in (True, False) for value in base_changes.values()), "base_changes: True or False"


public_tests_scenarios()

# %% [markdown]
# **In words** (s003-7a, read by a person). Give your reason in at most four sentences, with a number of yours from 4.5.

# %% [markdown] answer="s003-7a-words"
# ### BEGIN SOLUTION
# Only in scenario 3 are the base's own weights changed; in the others they are frozen, and without prompt or correction the old model is there again, bit by bit (the fingerprints in 4.5
# are equal). Training on many tasks at once protects those tasks and not what is in none of them. In 4.5 full tuning brought the first task from .96 down to .75 (.63 to .84
# over three seeds), with .50 for a constant answer.
# ### END SOLUTION

# %% [markdown]
# ## 5.2 Three defences
#
# **The proposals**, for somebody who tunes a model on new data and wants to lose little of the old:
#
# 1. Rehearse: mix data of the original kind into the training.
# 2. Train on the new data with the original self-supervised loss as well (for a language model, predicting words), beside the loss of the task.
# 3. Tune with LoRA, $W + AB$, and whenever the old abilities are wanted set $A = 0$.
#
# **Your task** (s003-7d). Mark all that defend against forgetting (the second may be argued about; full marks go to all that can help). Then two functions for the third: the weight that is in effect, and a *reset* after which
# $W$ is in effect again exactly, and from which training can *start anew*. Here $A$ is `(m, r)` and $B$ is `(r, n)`.
#
# **A trap.** If both matrices are 0, what is the gradient of each?

# %% answer="s003-7d"
# answers["s003-7d"]: the numbers of all proposals that defend against forgetting, as a set.
### BEGIN SOLUTION
answers["s003-7d"] = {1, 2, 3}
### END SOLUTION


def effective_weight(W: Tensor, A: Tensor, B: Tensor) -> Tensor:
    """What the layer computes with: (m, n), from W (m, n), A (m, r) and B (r, n)."""
    ### BEGIN SOLUTION
    return W + A @ B
    ### END SOLUTION


def reset(A: Tensor, B: Tensor) -> tuple[Tensor, Tensor]:
    """New (A, B) with which W is in effect again, bit by bit; A is set to 0, and B lets training start again."""
    ### BEGIN SOLUTION
    return torch.zeros_like(A), B.clone()
    ### END SOLUTION

# %% tests="s003-7d"
def public_tests_reset():
    assert answers.get("s003-7d"), 'give your choice as answers["s003-7d"] = {...}'
    for m, r, n, dtype in ((4, 2, 3, torch.float64), (1, 1, 5, torch.float32)):
        torch.manual_seed(0)
        W, A, B = (torch.randn(*shape, dtype=dtype) for shape in ((m, n), (m, r), (r, n)))
        right = torch.stack([W[i] + sum(A[i, j] * B[j] for j in range(r)) for i in range(m)])
        found = effective_weight(W, A, B)
        assert found.dtype == dtype, "the dtype stays"
        assert torch.allclose(found, right), "W, and the product of A and B"
        before = A.clone()
        zero, kept = reset(A, B)
        assert torch.equal(A, before), "arguments stay as they were: give back new tensors"
        assert zero.shape == A.shape and kept.shape == B.shape, "the shapes stay"
        assert zero.dtype == dtype and kept.dtype == dtype, "the dtypes stay"
        assert torch.equal(effective_weight(W, zero, kept), W), "after the reset W is in effect, bit by bit"
        leaf = zero.detach().clone().requires_grad_(True)
        effective_weight(W, leaf, kept).pow(2).sum().backward()
        assert leaf.grad.abs().sum() > 0, "after the reset training can start: A gets a gradient"


public_tests_reset()

# %% [markdown]
# **In words** (s003-7d, read by a person). For each of the three proposals: what does it protect, and what does it cost? At most six sentences.

# %% [markdown] answer="s003-7d-words"
# ### BEGIN SOLUTION
# Rehearsal protects what the mixed-in data show; it costs their storage (they must still be there) and a longer training. The self-supervised loss on new data keeps the model a
# language model instead of a mere classifier, but it sees the new texts alone, so abilities that only old texts show are hardly protected. With $A = 0$ the old model is back exactly, at the cost of the new ability: one has one or the other, unless
# the correction is switched per request.
# ### END SOLUTION

# %% [markdown]
# ## 5.3 Learn the second task, keep the first
#
# **The challenge.** Write a function that does what none of the four ways of 4.5 did: learn the second task *in one set of weights* and keep the first. It is given a small BERT that has been tuned for the first task
# (another one than yours when it is graded), with a fresh head for the second, and the old head. What comes back has no added parts: the same `state_dict` names as before. It is judged by its weights alone, on 160 sentences: balanced
# accuracy of the second task at least .9, of the first (with the old head) at most .08 below what it was.
#
# **What you may use.** Whatever is in the notebook. `tuning.fit(model, "bert-math", task, epochs=..., rate=..., rehearse=(task, head, number))` trains what requires a gradient, and with `rehearse` mixes in so many sentences per
# batch of another task, through the head that you give. The time for it is limited: 8 epochs on 640 sentences (about 1.5 seconds) are plenty, 40 are too many.
#
# **Your task** (second-task). Change the model in place, and return it.

# %% answer="second-task"
def learn_second(model: nn.Module, old_head: nn.Module) -> nn.Module:
    """Tune model.classifier and model.bert for the task "size" such that "sign", through old_head, is not forgotten."""
    ### BEGIN SOLUTION
    prepare(model, "full")
    tuning.fit(model, "bert-math", "size", epochs=5, rate=5e-4, rehearse=("sign", old_head, 16))
    return model
    ### END SOLUTION

# %% tests="second-task"
def public_tests_second_task():
    start = tuning.tuned_start(seed=1)
    old, before = copy.deepcopy(start.classifier), tuning.accuracy(start, "bert-math", "sign")
    names = set(start.state_dict())
    torch.manual_seed(1)
    start.classifier = nn.Linear(start.config.hidden_size, 3)
    model = learn_second(start, old)
    assert isinstance(model, nn.Module) and set(model.state_dict()) == names, "no added parts: the same names as before"
    second, first = (tuning.accuracy(model, "bert-math", *more) for more in (("size",), ("sign", old)))
    assert second >= 0.9, f"the second task is learned: balanced accuracy {second:.2f}, and .9 is asked for"
    assert first >= before - 0.08, f"the first task is kept: it was {before:.2f}, and is {first:.2f}"


public_tests_second_task()

# %% [markdown]
# ## 5.4 Weights that adapt fast
#
# **Why.** If a model is to be tuned again and again, one can look for weights *from which tuning is quick*. MAML ([Finn et al. 2017](https://arxiv.org/abs/1703.03400)) differentiates through $k$ steps of
# tuning, with respect to the weights that they began at. REPTILE ([Nichol et al. 2018](https://arxiv.org/abs/1803.02999)) makes the $k$ steps, $\phi_0 = \phi$, $\phi_{i+1} = \phi_i - \alpha\nabla f(\phi_i)$, and then goes a part of the way there:
#
# $$\phi \leftarrow \phi + \epsilon\,(\phi_k - \phi).$$
#
# **Your task** (s003-7c). Which of the two would you choose for a model of 13 billion weights, `"MAML"` or `"REPTILE"`? How many states of the weights must be in memory when the $k$-th step is done: for MAML, which goes back
# through all of them, count $\phi_0$ to $\phi_k$; for REPTILE count those that the formula still needs. And the update.

# %% answer="s003-7c"
# answers["s003-7c"]: "MAML" or "REPTILE".
### BEGIN SOLUTION
answers["s003-7c"] = "REPTILE"
### END SOLUTION


def stored_states(method: str, k: int) -> int:
    """States of the weights in memory after k >= 1 inner steps; method is "maml" or "reptile"."""
    ### BEGIN SOLUTION
    return k + 1 if method == "maml" else 2
    ### END SOLUTION


def reptile_update(phi: np.ndarray, grad, k: int, alpha: float, eps: float) -> np.ndarray:
    """phi (n,) after one update on one task: k steps of size alpha along grad(phi) (n,), then the share eps of the way."""
    ### BEGIN SOLUTION
    adapted = phi
    for _ in range(k):
        adapted = adapted - alpha * grad(adapted)
    return phi + eps * (adapted - phi)
    ### END SOLUTION

# %% tests="s003-7c"
def public_tests_reptile():
    assert answers.get("s003-7c"), 'answers["s003-7c"]: "MAML" or "REPTILE"'
    more = [int(stored_states("maml", k + 1)) - int(stored_states("maml", k)) for k in (1, 2, 7)]
    assert more == [1, 1, 1], "MAML: each further step is one more state to go back through"
    assert int(stored_states("reptile", 1)) == int(stored_states("reptile", 9)), "REPTILE: what is kept does not grow with k"
    phi = np.array([1.0, -2.0, 0.0])

    def steep(w):
        return 2 * w  # the gradient of the sum of squares

    for k, alpha, eps in ((1, 0.1, 0.5), (3, 0.2, 1.0), (2, 0.1, 0.25)):
        got = numeric.as_float64(reptile_update(phi, steep, k, alpha, eps)).numpy()
        right = phi * (1 - eps * (1 - (1 - 2 * alpha) ** k))  # each step multiplies by 1 - 2 alpha
        assert got.shape == phi.shape, "the shape stays: one number for each weight"
        assert np.allclose(got, right), f"the share eps of the way to where k steps end: k = {k}, eps = {eps}"
    assert np.array_equal(phi, [1.0, -2.0, 0.0]), "phi stays as it was: give back a new array"
    task = family.tasks(seed=1, count=1)[0]
    phi = family.start(1)
    assert np.allclose(reptile_update(phi, task.gradient, 4, 0.05, 1.0), family.adapted(phi, task, 4, 0.05)), "eps = 1: it lands where the steps end"
    assert np.allclose(reptile_update(phi[:1], np.tanh, 0, 0.1, 1.0), phi[:1]), "no inner step: nothing moves"
    assert np.allclose(reptile_update(phi, task.gradient, 2, 0.05, 0.0), phi), "eps = 0: nothing moves"


public_tests_reptile()

# %% [markdown]
# Now over a whole family. Each task is a sine wave of another height and shift, known at ten points; the network has 73 weights.
#
# **Your task** (reptile-family). One update per task, in their order, each from where the last one ended.

# %% answer="reptile-family"
def meta_train(phi: np.ndarray, gradients: list, k: int, alpha: float, eps: float) -> np.ndarray:
    """phi (n,) after one REPTILE update for each task; gradients: for each task a function phi (n,) -> (n,)."""
    ### BEGIN SOLUTION
    for gradient in gradients:
        phi = reptile_update(phi, gradient, k, alpha, eps)
    return phi
    ### END SOLUTION

# %% tests="reptile-family"
def public_tests_family():
    phi, seen = family.start(2), family.tasks(seed=5, count=60)
    before = phi.copy()
    trained = numeric.as_float64(meta_train(phi, [task.gradient for task in seen], 5, 0.05, 0.3)).numpy()
    assert np.array_equal(phi, before), "phi stays as it was: give back a new array"
    assert trained.shape == phi.shape, "the shape stays"
    fresh = family.tasks(seed=6, count=20)
    old, new = (np.mean([task.loss(family.adapted(w, task, 3, 0.05)) for task in fresh]) for w in (phi, trained))
    assert new < 0.7 * old, f"new tasks are learned faster: error {new:.2f} after three steps, {old:.2f} from where you began"
    two = [lambda w: w, lambda w: w - 1.0]
    assert np.allclose(meta_train(np.array([4.0]), two, 1, 0.5, 1.0), [1.5]), "in their order: 4 to 2 by the first task, to 1.5 by the second"
    assert np.allclose(meta_train(np.array([4.0, 1.0]), [], 2, 0.5, 1.0), [4.0, 1.0]), "no tasks: nothing moves"


public_tests_family()

# %% figure="adaptation"
def adaptation():
    curves = {"from random weights": [], "from the mean task": [], "from REPTILE's weights": []}
    for seed in range(3):
        phi, seen, fresh = family.start(seed), family.tasks(10 + seed, 400), family.tasks(20 + seed, 30)
        together = phi
        for task in seen * 10:  # plain training on all tasks in turn, as many gradients in all
            together = together - 0.05 * task.gradient(together)
        trained = meta_train(phi, [task.gradient for task in seen], 10, 0.05, 0.3)
        for (_, runs), w in zip(curves.items(), (phi, together, trained), strict=True):
            runs.append([float(np.mean([task.loss(family.adapted(w, task, k, 0.05)) for task in fresh])) for k in range(0, 11, 2)])
    for name, runs in curves.items():
        ends = [run[-1] for run in runs]
        print(f"{name:24} {runs[0][0]:.2f} before, {np.mean(ends):.3f} after ten steps ({min(ends):.3f} to {max(ends):.3f}, three seeds)")
    return systems_pictures.adaptation(curves)


when_ready("meta_train", adaptation)

# %% [markdown]
# **What we got** (30 new tasks, three seeds). Ten steps from random weights leave an error of .36. Plain training on all tasks in turn finds weights that answer like the mean task; from
# there ten steps leave .093 (.078 to .114). From REPTILE's weights they leave .075 (.065 to .095). Most of the gain is in having seen the family at all. The rest is what meta-learning adds, and
# with so few weights that is not much.
