# %% [markdown]
# # Part 4: Freezing
#
# ## 4.1 How to freeze, and what it saves
#
# **Why.** All weights of a big BERT do not fit everybody's GPU, let alone their gradients. So one trains the
# new head alone and leaves the rest as it came.
#
# **The idea.** A parameter that does not require a gradient gets none; the optimiser skips it. The signal
# still has to go *forwards* through the whole network. It need not come back.
#
# **Traps.** `model.eval()` freezes nothing: it switches dropout off. A misspelt `p.require_grad = False` is a
# new attribute that nobody reads. `torch.no_grad()` around everything freezes the head as well. Embeddings
# and pooler are parameters too; the pooler is part of the backbone here. And weight decay pulls on every
# weight that gets a gradient, even where the gradient is zero.
#
# For timing: the first steps are slow (memory, caches), and now and then another program gets in the way. So
# run some steps before you start the watch, time each of the others, and take the **median**.
#
# **Your task** (s001-3.2a). `freeze` for any model with a head called `classifier`, whatever its backbone is
# called, and `throughput`. The clock is an argument, so that one can test with a fake one.


# %% answer="s001-3.2a"
def freeze(model: nn.Module) -> nn.Module | None:
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    ### BEGIN SOLUTION
    model.requires_grad_(False)
    model.classifier.requires_grad_(True)
    ### END SOLUTION


def throughput(
    step: Callable[[], object], warmup: int = 3, steps: int = 20, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Steps per second: 1 / median duration of `steps` calls of step(), after `warmup` calls that do not count.

    clock: () -> seconds.
    """
    ### BEGIN SOLUTION
    for _ in range(warmup):
        step()
    durations = []
    for _ in range(steps):
        begin = clock()
        step()
        durations.append(clock() - begin)
    durations.sort()
    middle = len(durations) // 2
    return 2 / (durations[middle] + durations[-1 - middle])
    ### END SOLUTION


# %% tests="s001-3.2a"
def public_tests_freeze():
    model = tiny_model(3, seed=5)
    inputs = {"input_ids": torch.tensor([[2, 7, 9, 3]]), "attention_mask": torch.ones(1, 4, dtype=torch.long)}
    loss = float(model(**inputs, labels=torch.tensor([1]))[1].detach())
    assert freeze(model) in (None, model), "freeze works in place: it returns None or the same model"
    assert abs(float(model(**inputs, labels=torch.tensor([1]))[1].detach()) - loss) < 1e-6, (
        "freezing changes how a model is trained, not what it answers"
    )
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    after = after_adamw(model, **inputs, labels=torch.tensor([1]))
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert any(name.startswith("classifier") for name in moved), "the head did not learn: is it frozen too?"
    rest = sorted(name for name in moved if not name.startswith("classifier"))
    assert not rest, f"{len(rest)} frozen parameters moved, for example {rest[:1]}"
    fake = bert_models.FakeClock([5.0, 0.5, 0.5, 0.25, 4.0])
    speed = throughput(fake.step, warmup=2, steps=3, clock=fake.now)
    assert fake.calls == 5, "step() is called warmup + steps times"
    assert abs(float(speed) - 2.0) < 1e-6, "steps per second: the middle one of 0.5, 0.25 and 4 seconds makes 2"
    cold = bert_models.FakeClock([0.5])
    assert abs(float(throughput(cold.step, warmup=0, steps=1, clock=cold.now)) - 2.0) < 1e-6, "no warm-up: all steps count"
    print("public tests of 4.1 passed")


public_tests_freeze()

# %% figure="show-speed"
def training_step(model):
    """A function that makes one update of the model on a fixed batch."""
    tokenizer = bert_models.tokenizer(NAMES["math"])
    inputs = collate(pairs_of(SPLIT.train[:BATCH], tokenizer), tokenizer.pad_token_id)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-6)

    def step():
        optimizer.zero_grad()
        model(**inputs)[1].backward()
        optimizer.step()

    return step


def show_speed():
    whole, head = pre_trained(NAMES["math"]).train(), pre_trained(NAMES["math"]).train()
    freeze(head)
    speeds = [throughput(training_step(model)) for model in (whole, head)]
    print(f"all weights {speeds[0]:.0f}, head only {speeds[1]:.0f} batches per second: x {speeds[1] / speeds[0]:.1f}")
    for model in (whole, head):
        print(sum(p.numel() for p in model.parameters() if p.requires_grad), "numbers are trained")


pictures.when_ready("throughput", show_speed)

# %% [markdown]
# **Write it down** (s001-3.2a, read by a person). A table on the web says: "frozen: 0 s per epoch instead of
# 1 s". What does a step of a frozen model no longer do, what does it still do, and what speed-up do you
# expect if a backward pass costs about two forward passes? Compare with what you measured.

# %% [markdown] answer="s001-3.2a-why" grade_id="proof-s001-3_2a"
# ### BEGIN SOLUTION
# It no longer computes gradients through the encoder, and the optimiser no longer updates (or keeps moments
# for) its weights. It still computes the whole forward pass, plus forward, backward and update of the small
# head. With forward : backward = 1 : 2 a step shrinks from 3 units to a little over 1: about three times as
# fast, never infinitely fast; "0 s" is a rounded number. Here the factor is around 2 to 3, since fixed costs
# per call (Python, small matrices) do not shrink.
# ### END SOLUTION

# %% [markdown]
# ## 4.2 What it costs
#
# **Why.** Three seeds of one recipe give 0.925, 0.925 and 0.950. Three of another give 0.931, 0.944 and
# 0.938. Is the second better? A single run each would have told you whatever you like.
#
# **The idea.** Compare the *difference of the means* with how precisely the means are known. For $n$ runs
# with sample variance $s^2$ (divide by $n - 1$) the mean has the variance $s^2 / n$, and the variances of two
# means add up. Call a difference decided if it is **more than twice** the root of that sum.
#
# **A small example.** 0.8 and 0.9 against 0.6 and 0.7: means 0.85 and 0.65; each $s^2 = 0.005$, so the root
# of $0.0025 + 0.0025$ is 0.0707, twice that is 0.141. The difference, 0.2, is larger: decided. Runs that all
# agree have $s^2 = 0$: then any difference is decided, and equal means are undecided.
#
# **An honest limit.** Seeds are not the only noise: all runs share 160 validation items, whose sampling alone
# moves an accuracy near 0.9 by some 0.024 (one standard deviation). And the rule is lax for few runs: where two
# recipes are equally good, three runs of each are still called decided in about 12 of 100 comparisons. (Were
# the errors known exactly, it would be 5. With three and three runs, which leave 4 degrees of freedom, it takes
# 2.776 errors to get there, by Student's $t$.) The rule is kept because it is simple: a rule of thumb, no proof.
#
# First the frozen models, all 640 items. Once with the learning rate of 3.2, and once with a larger one: a
# head that learns alone can take larger steps.


# %% locked="train-frozen"
def frozen_run(label, seed, rate):
    """NAMES["math"], frozen; its head was trained on all 640 items."""

    def build():
        model = pre_trained(NAMES["math"], 3, seed)
        freeze(model)
        return model

    tokenizer = bert_models.tokenizer(NAMES["math"])
    return run(f"frozen-{label}-{seed}", NAMES["math"], build, tokenizer, SPLIT.train, seed, rate)


frozen = {
    "same rate": [frozen_run("same-rate", seed, RATE) for seed in SEEDS],
    "own rate": [frozen_run("own-rate", seed, HEAD_RATE) for seed in SEEDS],
}

# %% figure="picture-frozen"
def show_frozen():
    found = {"all weights": reports_of(tuned[640])}
    found |= {f"head only, {name}": reports_of(runs) for name, runs in frozen.items()}
    for name, reports in found.items():
        print(f"{name:22}", "; ".join(line(one) for one in reports[:1]))
    return bert_pictures.recall_bars(found, on_validation([2] * 160))


pictures.when_ready("frozen", show_frozen)

# %% [markdown]
# **Your task** (s001-3.2b, second half). Write `compare`, then answer two questions about **your** models
# above, by their accuracy on the validation items:
#
# - `frozen_or_tuned`: is `tuned[640]` better than `frozen["own rate"]`, by the rule of `compare`? One of
#   `"tuned"`, `"frozen"`, `"undecided"`.
# - `same_rate_learned`: did any of the models in `frozen["same rate"]` learn to tell classes apart? True if
#   one of them has a balanced accuracy of more than 0.4.


# %% answer="s001-3.2b"
def compare(first: list[float], second: list[float]) -> str:
    """Which of two recipes is better, judged by their accuracies over seeds (lists of two or more numbers,
    which stay as they are).

    Returns "first" or "second" where the means differ by more than twice the standard error of the difference,
    else "undecided".
    """
    ### BEGIN SOLUTION
    one, two = (torch.as_tensor(values, dtype=torch.float64) for values in (first, second))
    difference = float(one.mean() - two.mean())
    error = math.sqrt(float(one.var() / len(one) + two.var() / len(two)))
    if abs(difference) <= 2 * error:
        return "undecided"
    return "first" if difference > 0 else "second"
    ### END SOLUTION


# Replace each None by your answer, and delete the `raise` below.
frozen_or_tuned = None
same_rate_learned = None
### BEGIN SOLUTION
frozen_or_tuned = "tuned"
same_rate_learned = False
### END SOLUTION

# %% tests="s001-3.2b"
def public_tests_compare():
    assert compare([0.8, 0.9], [0.6, 0.7]) == "first", "the example of the text is decided"
    assert compare([0.6, 0.7], [0.8, 0.9]) == "second", "and the same the other way round"
    assert compare([0.5, 0.9], [0.6, 0.7]) == "undecided", "two runs as far apart as these say nothing"
    assert frozen_or_tuned in ("tuned", "frozen", "undecided"), "answer with one of the three words"
    assert same_rate_learned in (True, False), "answer with True or False"
    print("public tests of 4.2 passed")


public_tests_compare()

# %% [markdown]
# **Write it down** (s001-3.2b, read by a person). The web table again: "full fine-tuning 92 %, frozen 74 %: a
# frozen BERT still gets most of the way." What do you say to that? Use your own numbers, and say why a frozen
# model falls behind.

# %% [markdown] answer="s001-3.2b-why" grade_id="proof-s001-3_2b"
# ### BEGIN SOLUTION
# 74 % is the share of the positive items: the frozen model of the table may have learned nothing. Ours,
# frozen and trained at the same rate, answers "positive" to everything: accuracy 0.738, balanced accuracy one
# third, 46 % on the minus items. With a rate that suits a head it reaches about 0.88, against about 0.93 when
# everything is trained; negative items are what it misses. The reason: the features of the encoder were made
# for filling in masked words and stay as they are, and a linear layer can only weigh what is there; which
# number is larger *and on which side of the sign it stands* is not laid out for it in one vector.
# ### END SOLUTION
