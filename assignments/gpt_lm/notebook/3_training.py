# %% [markdown]
# # Part 3: Training
#
# ## 3.1 The objective
#
# **Why.** Everything the model will ever know, it learns from this one number. Being off by one here is the most common
# way to get a language model that looks excellent and is useless.
#
# **The idea.** A window holds $n + 1$ words, $x_0, \dots, x_n$. The model reads $x_0, \dots, x_{n-1}$ and is asked, at position
# $i$, for $x_{i+1}$. So $n$ predictions come from one window:
#
# | position | 0 | 1 | ... | n-1 |
# |---|---|---|---|---|
# | reads | $x_0$ | $x_1$ | ... | $x_{n-1}$ |
# | is asked for | $x_1$ | $x_2$ | ... | $x_n$ |
#
# **Traps.** Without a shift the model is asked to repeat what it just read: the loss falls below the entropy, to 0. With two
# shifts (one in the data, one in the loss) it predicts the word after the next. `torch.roll` puts the first word at the end.
#
# **Your task** (s004-1.06). `lm_forward` takes *any* model that maps ids `(b, n)` to logits `(b, n, V)`. The loss is the mean
# cross-entropy over all $b \cdot n$ predictions, in nats.


# %% answer="s004-1.06"
def lm_forward(model: nn.Module, tokens: Tensor) -> tuple[Tensor, Tensor]:
    """Next-token prediction on windows.

    model: maps ids (b, n) to logits (b, n, V); tokens: (b, n + 1) int64, windows of running text.
    Returns (logits (b, n, V), loss): the loss is a scalar tensor that gradients can flow through.
    """
    ### BEGIN SOLUTION
    logits = model(tokens[:, :-1])
    return logits, F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
    ### END SOLUTION


# %% tests="s004-1.06"
def public_tests_objective():
    tokens = torch.tensor([[0, 1, 2, 0], [2, 0, 1, 2]])
    # a model that is sure of one thing: after word k comes word (k + 1) % 3, as it does in these windows
    knows = nn.Embedding.from_pretrained(50.0 * torch.eye(3).roll(1, dims=1))
    logits, loss = lm_forward(knows, tokens)
    assert logits.shape == (2, 3, 3), f"three predictions per window of four words: expected (2, 3, 3), got {tuple(logits.shape)}"
    assert float(loss) < 1e-6, "this model knows each next word, so its loss is 0"
    repeats = nn.Embedding.from_pretrained(50.0 * torch.eye(3))
    assert float(lm_forward(repeats, tokens)[1]) > 10, "a model that repeats the word that it reads is always wrong here"
    assert lm_forward(knows, tokens[:1])[0].shape == (1, 3, 3), "a single window still has an axis for the batch"
    assert lm_forward(knows, tokens[:, :2])[0].shape == (2, 1, 3), "a window of two words makes one prediction"
    even = nn.Embedding.from_pretrained(torch.zeros(3, 3))
    assert abs(float(lm_forward(even, tokens)[1]) - math.log(3)) < 1e-6, "guessing among three words costs ln 3, on average"
    print("public tests of 3.1 passed")


public_tests_objective()

# %% [markdown]
# **In words** (s004-1.06, read by a person). Defend your choice of 2.2 in at most eight sentences: which kind of attention
# your language model uses and why it cannot do without the mask in training, what exactly is predicted from what, how text is
# generated, and how a stack called "Transformer encoder" could do the same job.

# %% [markdown] answer="s004-1.06-text" grade_id="text-s004-1_06"
# ### BEGIN SOLUTION
# The model is a stack of causal self-attention blocks without cross-attention, what is called a decoder-only model. It gives
# $p(x_{i+1} \mid x_0, \dots, x_i)$ at each position, and the training loss is the cross-entropy of the true next word, averaged
# over all positions of a window. All positions are trained in one pass, so the right answer for position $i$, the word
# $x_{i+1}$, is itself an input; only the mask keeps position $i$ from reading it. Without the mask the loss falls below the
# entropy of the language while nothing is learned that helps when the next word does not exist yet.
#
# To generate, the model reads the prompt, the last position's distribution is sampled, the word is appended, and so on; the
# mask means that the earlier positions would not have changed anyway. An "encoder" stack of PyTorch
# (`nn.TransformerEncoder`) with a causal mask computes the very same thing: what makes a decoder is the mask and the
# objective, not the class name. An unmasked encoder is the wrong choice; so is cross-attention to an encoder that reads the
# text to be predicted. (Encoder and decoder together make sense where there is a separate input, or as a prefix model, in
# which a given first part is read in both directions and only the rest is predicted.)
# ### END SOLUTION

# %% [markdown]
# ## 3.2 Perplexity
#
# **Why.** A loss of 1.18 nats says little to most people. Perplexity, $e^{\text{loss}}$, is the number of equally likely words
# that would be as hard to guess: 70 for a model that knows nothing of our language, 3.14 for one that knows everything.
#
# **The idea.** Perplexity is defined over *tokens*: the exponential of the mean of $-\ln p$ over **all tokens** of the text.
# Batches are our own business and must not show.
#
# **By hand.** A batch of 30 tokens with mean loss 1 and one of 10 tokens with mean loss 3. Over all 40 tokens the mean is
# $(30 \cdot 1 + 10 \cdot 3) / 40 = 1.5$ and the perplexity $e^{1.5} = 4.48$. The mean of the two batch losses would be 2,
# $e^2 = 7.39$. The mean of the two perplexities is $(e^1 + e^3)/2 = 11.4$. A published answer does the last:
# since $e^x$ curves upwards, that is *always* too large (or equal, when all batches agree), and it depends on the batch size.
#
# **Your task** (s000-5.1.9a, second part).


# %% answer="s000-5.1.9a"
def ppl(loss: float | Tensor) -> float | Tensor:
    """Perplexity of a mean loss per token in nats: a number or a tensor, elementwise."""
    ### BEGIN SOLUTION
    return loss.exp() if isinstance(loss, torch.Tensor) else math.exp(loss)
    ### END SOLUTION


def token_perplexity(losses: list[float] | Tensor, counts: list[int] | Tensor) -> float:
    """Perplexity of a text that was read in batches, as a number.

    losses: for each batch, the mean loss per token in nats; counts: for each batch, how many tokens it predicts
    (a batch may predict none). Both are lists or 1-d tensors.
    """
    ### BEGIN SOLUTION
    total = sum(float(loss) * float(count) for loss, count in zip(losses, counts, strict=True))
    return math.exp(total / sum(float(count) for count in counts))
    ### END SOLUTION


# %% tests="s000-5.1.9a"
def public_tests_perplexity():
    assert abs(float(ppl(0.0)) - 1) < 1e-12, "a model that is always sure and right has perplexity 1"
    assert abs(float(ppl(math.log(70))) - 70) < 1e-9, "guessing among 70 words is a perplexity of 70"
    printed = float(ppl(10.83610))
    assert abs(printed / 50823.046 - 1) < 1e-4, "a published printout has a loss of 10.83610 with a perplexity of 50823.046"
    assert ppl(torch.zeros(1, 1)).shape == (1, 1), "a tensor keeps its shape"
    assert abs(token_perplexity([1.0, 3.0], [30, 10]) - 4.4817) < 1e-3, "the example worked out by hand above gives 4.48"
    tensors = torch.tensor([1.0, 3.0]), torch.tensor([30, 10])
    assert abs(token_perplexity(*tensors) - 4.4817) < 1e-3, "tensors: losses and counts may come as tensors of one axis"
    one, many = token_perplexity([1.5], [40]), token_perplexity([1.5] * 4, [10] * 4)
    assert abs(one - many) < 1e-9, "cutting the same text into more batches changes nothing"
    print("public tests of 3.2 passed")


public_tests_perplexity()

# %% [markdown]
# ## 3.3 The loop
#
# **Why.** Libraries hide this loop. Write it once yourself, because each of its lines can be wrong without an error message.
#
# **`train_step`**: one update. Gradients *add up* in PyTorch until they are cleared; whoever forgets this trains on a sum of
# all gradients so far, and it even seems to work for a while.
#
# **`evaluate`**: the mean loss per token over several batches of windows, which may differ in how many windows they hold and
# how long these are. Use evaluation mode (dropout off) and no gradients, and leave the model in the mode in which you found it.
#
# **`train`**: `steps` updates with windows drawn from `train_ids`, and a look at the losses before the first update, after
# every `every` updates, and after the last. `best` holds the weights from the look with the **lowest validation loss**. Three
# traps in one line: the best is not the last; the validation windows are fixed and never trained on; and `state_dict()` returns
# *the model's own tensors*, which the next update changes, so it has to be a copy.
#
# You are given a learning-rate schedule (a short rise, then a fall along a cosine). Set the rate of the optimiser to
# `rate_at(step, steps, rate)` before update number `step`, and use `torch.optim.Adam` or `AdamW`, for which the rates here are
# meant. Make one optimiser for the whole run: it keeps averages of past gradients, and a new one begins without them. The
# rest of the recipe is yours (weight decay, clipping, another schedule), as long as it learns as much. If you clip gradients,
# clip the norm at 0.1 or more: at 1 is usual. Weight decay pulls numbers towards 0, which keeps matrices from growing. The
# usual practice leaves biases and the scales of norms out, two groups of parameters in one optimiser: a scale pulled away from
# 1 is no simpler, only smaller.


# %% locked="schedule"
def rate_at(step, steps, peak, warmup=50):
    """Learning rate of update `step` (0, 1, ...) of `steps`: a linear rise over the warm-up, then a cosine to a tenth."""
    rise = min(1.0, (step + 1) / min(warmup, max(1, steps // 4)))
    return peak * rise * (0.1 + 0.45 * (1 + math.cos(math.pi * step / steps)))


# %% [markdown]
# **Your task** (s000-5.1.9c, first part). `corpus.random_windows(ids, length, count, generator)` draws windows of `length + 1`
# words; `validation.split(64)` cuts a large set of windows into batches.
# A loop of minutes deserves a bar: `from seq2kit.progress import progress`, then `for step in progress(range(steps + 1)):`.


# %% answer="s000-5.1.9c-training"
def train_step(model: nn.Module, optimizer: torch.optim.Optimizer, tokens: Tensor) -> float:
    """One update on the windows `tokens` (b, n + 1) by next-token prediction, from this batch's gradient alone.

    Returns the loss of the batch before the update, as a float. Works with any model and any optimizer.
    """
    ### BEGIN SOLUTION
    _, loss = lm_forward(model, tokens)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.item()
    ### END SOLUTION


def evaluate(model: nn.Module, batches: list[Tensor]) -> float:
    """Mean loss per predicted token over all batches, as a float.

    batches: list of windows (b, n + 1), with different b and n. No gradients; the model is in evaluation mode meanwhile
    and afterwards in the mode in which it was.
    """
    ### BEGIN SOLUTION
    was_training = model.training
    model.eval()
    total, count = 0.0, 0
    with torch.no_grad():
        for tokens in batches:
            predicted = tokens[:, 1:].numel()
            total += lm_forward(model, tokens)[1].item() * predicted
            count += predicted
    model.train(was_training)
    return total / count
    ### END SOLUTION


def train(
    model: nn.Module,
    train_ids: Tensor,
    validation: Tensor,
    *,
    steps: int,
    batch: int,
    length: int,
    rate: float,
    every: int,
    seed: int = 0,
) -> tuple[list[Row], dict[str, Tensor]]:
    """Train in place with `steps` updates on `batch` windows of `length` + 1 words each, drawn from train_ids (N,).

    validation: (w, m + 1) fixed windows. Returns (log, best):
    log: rows (step, training loss, validation loss) for step 0, every, 2 * every, ... and steps, with losses per token as
    `evaluate` gives them; the training loss on fixed windows of train_ids;
    best: name -> tensor, a copy of model.state_dict() from the row with the lowest validation loss.
    The same seed gives the same batches. Updates happen in training mode, and everything on the device of the model.
    """
    ### BEGIN SOLUTION
    device = next(model.parameters()).device
    draw = torch.Generator().manual_seed(seed)
    seen = corpus.random_windows(train_ids, length, 64, draw).to(device)
    kept = validation.to(device).split(64)
    matrices = [p for p in model.parameters() if p.ndim >= 2]
    vectors = [p for p in model.parameters() if p.ndim < 2]  # biases and norms are not pulled towards 0
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.95))
    log, best, lowest = [], {}, math.inf
    model.train()
    for step in range(steps + 1):
        if step % every == 0 or step == steps:
            log.append((step, evaluate(model, [seen]), evaluate(model, kept)))
            if log[-1][2] < lowest:
                lowest = log[-1][2]
                best = {name: tensor.detach().cpu().clone() for name, tensor in model.state_dict().items()}
        if step < steps:
            for group in optimizer.param_groups:
                group["lr"] = rate_at(step, steps, rate)
            train_step(model, optimizer, corpus.random_windows(train_ids, length, batch, draw).to(device))
    return log, best
    ### END SOLUTION


# %% tests="s000-5.1.9c-training"
def public_tests_training():
    tokens = torch.tensor([[0, 1, 2, 3, 4, 0], [3, 4, 0, 1, 2, 3]])
    table = nn.Embedding.from_pretrained(torch.zeros(5, 5), freeze=False)  # logits of the next word: a bigram model
    sgd = torch.optim.SGD(table.parameters(), lr=0.5)
    first = train_step(table, sgd, tokens)
    assert abs(first - math.log(5)) < 1e-5, "train_step returns the loss before its update, here ln 5"
    moved = table.weight.detach().clone()
    train_step(table, sgd, tokens)
    second = table.weight.detach() - moved
    assert second.norm() < moved.norm() * 1.05, "the second update should use its own gradient, not both"
    sgd.param_groups[0]["lr"] = 5.0
    falling = [train_step(table, sgd, tokens) for _ in range(60)]
    assert falling[-1] < 0.1, "this batch can be learned by heart: its loss should fall towards 0"

    sleepy = nn.Sequential(nn.Embedding(5, 5), nn.Dropout(0.5)).train()
    batches = [tokens, tokens[:1, :3]]
    assert evaluate(sleepy, batches) == evaluate(sleepy, batches), "with dropout off, evaluate gives the same twice"
    assert sleepy.training, "evaluate leaves the model in the mode in which it found it"

    ids = torch.arange(200) % 5  # 0 1 2 3 4 0 1 2 ...
    table = diary.Table(torch.zeros(5, 5))  # the same bigram model, and it writes down what it reads
    log, best = train(table, ids, corpus.windows(ids[:41], 8), steps=50, batch=4, length=8, rate=0.1, every=20, seed=3)
    assert [row[0] for row in log] == [0, 20, 40, 50], f"look at steps 0, 20, 40 and 50, not {[row[0] for row in log]}"
    assert abs(log[0][2] - math.log(5)) < 1e-5, "the first row is from before the first update"
    assert log[-1][2] < 0.5 * log[0][2], "50 updates should at least halve this loss"
    assert set(best) == {"weight"}, "best holds the tensors of state_dict() under their names"
    read = sum(len(ids) for ids, on in zip(table.diary.ids, table.diary.gradients, strict=True) if on)
    assert read == 50 * 4, f"50 updates on 4 windows each read 200 windows with gradients on, not {read}"
    print("public tests of 3.3 passed")


public_tests_training()
