# %% [markdown]
# # Part 3: Fine-tuning
#
# ## 3.1 The pieces of the loop
#
# **Why.** Nearly everything that goes wrong in fine-tuning goes wrong quietly. A forgotten `eval()`, a batch
# without its mask, gradients that add up: the loss still falls.
#
# **The idea.** Four pieces. *Batching*: rows of different lengths get padding up to the longest of **their**
# batch, and a mask says what is real. *Training*: `train()` mode, a fresh order each epoch, one update per
# batch. *Prediction*: `eval()` mode, no gradients, answers in the order of the sentences. *Watching*: after
# each epoch the validation accuracy. To watch is all the validation items are for. They choose nothing, and
# no weight ever depends on them.
#
# **A small example.** `collate([([2, 7, 3], 0), ([2, 7, 9, 8, 3], 2)], pad_id=1)` gives two rows of five: the
# first is `2 7 3 1 1` with mask `1 1 1 0 0`.
#
# **Traps.** The padding id is not always 0 (RoBERTa's is 1). The last batch is often smaller, so the mean of
# the batch losses is not the mean over items. After you evaluated in `eval()` mode, the next epoch wants
# `train()` again.
#
# **Your task** (s001-3.Q2). A sentence is a list of ids, a pair is `(ids, label)`. Optimise with
# `torch.optim.AdamW`, its learning rate `rate` and everything else at its default; no schedule, no clipping,
# no early stopping. The labels go into the model, which gives back the mean loss of the batch.


# %% answer="s001-3.Q2"
def collate(pairs: list[tuple[list[int], int]], pad_id: int) -> dict[str, torch.Tensor]:
    """A batch from pairs (list of ids, label): a dict of int64 tensors, ready for the model.

    input_ids, attention_mask: (b, longest), padded on the right with pad_id, mask 1 where real; labels: (b,).
    """
    ### BEGIN SOLUTION
    longest = max(len(ids) for ids, _ in pairs)
    return {
        "input_ids": torch.tensor([ids + [pad_id] * (longest - len(ids)) for ids, _ in pairs]),
        "attention_mask": torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids, _ in pairs]),
        "labels": torch.tensor([label for _, label in pairs]),
    }
    ### END SOLUTION


def predict(model: nn.Module, sentences: list[list[int]], pad_id: int, batch: int = 64) -> torch.Tensor:
    """The model's answers, (len(sentences),) int64, in order. It may come in train mode; answers must not be noisy.

    sentences: lists of ids, one at least, which stay as they are; at most `batch` go through the model at a time.
    """
    ### BEGIN SOLUTION
    model.eval()
    answers = []
    with torch.no_grad():
        for start in range(0, len(sentences), batch):
            inputs = collate([(ids, 0) for ids in sentences[start : start + batch]], pad_id)
            del inputs["labels"]
            answers.append(model(**inputs)[0].argmax(dim=-1))
    return torch.cat(answers)
    ### END SOLUTION


def fine_tune(
    model: nn.Module, train: list, validation: list, pad_id: int, *, epochs: int, batch: int, rate: float, seed: int
) -> list[tuple[float, float]]:
    """Train the model in place and keep what it is after the last epoch.

    train, validation: pairs; each epoch uses every training pair once, `batch` at a time, in a new order that
    `seed` alone decides. The lists stay as they are, and so do parameters that do not require gradients.
    Returns one (loss, accuracy) per epoch: mean training loss per item, as met on the way; validation accuracy after it.
    """
    ### BEGIN SOLUTION
    order = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=rate)
    sentences, right = [ids for ids, _ in validation], torch.tensor([label for _, label in validation])
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for chosen in torch.randperm(len(train), generator=order).split(batch):
            loss = model(**collate([train[i] for i in chosen], pad_id))[1]
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(chosen)
        hit = predict(model, sentences, pad_id) == right
        history.append((total / len(train), hit.double().mean().item()))
    return history
    ### END SOLUTION


# %% tests="s001-3.Q2"
def public_tests_loop():
    inputs = collate([([2, 7, 3], 0), ([2, 7, 9, 8, 3], 2)], 1)
    assert set(inputs) == {"input_ids", "attention_mask", "labels"}, "collate returns these three and nothing else"
    assert inputs["input_ids"].tolist()[0] == [2, 7, 3, 1, 1], "pad on the right, with pad_id"
    assert inputs["attention_mask"].sum(dim=1).tolist() == [3, 5], "the mask counts the real tokens of each row"
    pairs = [([2, 5 + k, 9, 3][: 3 + k % 2], k % 3) for k in range(10)]
    model = tiny_model(3, seed=3, dropout=0.3)
    answers = predict(model.train(), [ids for ids, _ in pairs], 0, batch=4)
    assert answers.shape == (10,), "one answer per sentence"
    again = predict(model.train(), [ids for ids, _ in pairs], 0, batch=3)
    assert torch.equal(answers, again), "two predictions differ: dropout, or padding that is not masked?"
    watched = bert_models.Watched(tiny_model(3, seed=3))
    torch.manual_seed(0)
    history = fine_tune(watched, pairs, pairs[:3], 0, epochs=2, batch=4, rate=1e-2, seed=0)
    assert len(history) == 2, "one (loss, accuracy) per epoch"
    seen = [len(call["ids"]) for call in watched.log if call["training"] and call["gradients"]]
    assert sum(seen) == 2 * len(pairs), "each epoch trains on each of the ten pairs once"
    assert max(seen) <= 4, "at most `batch` sentences at a time"
    still, start = (tiny_model(3, seed=3) for _ in range(2))
    fine_tune(still, pairs, pairs[:3], 0, epochs=1, batch=4, rate=0.0, seed=0)
    assert all(map(torch.equal, still.parameters(), start.parameters())), "at a rate of 0 no weight moves"
    print("public tests of 3.1 passed")


public_tests_loop()

# %% [markdown]
# ## 3.2 Your trained models
#
# **Why.** This is the yardstick: all weights are trained, starting from a BERT that has read sentences about
# numbers ("seven is less than nine", "count two three four five"), though never one that calls anything
# negative. Everything later is compared with it.
#
# `run` below trains a model with your `fine_tune`, once: the weights are kept as
# `checkpoints/<label>.safetensors` and loaded from then on. It repeats the zeros, watches the validation items,
# and writes down beside the weights how many items of each part it trained on: an answer to "has the model seen
# the answers?".


# %% locked="runs"
SEEDS = profiles.by_profile(full=(0, 1, 2), fast=(0, 1))
NAMES = bert_models.names()
# A recipe goes with a size: at the rate that suits 64 dimensions a large BERT unlearns what it knew.
RECIPE = bert_models.recipe(AutoConfig.from_pretrained(bert_models.folder(NAMES["math"])))
EPOCHS, BATCH, RATE, HEAD_RATE = RECIPE.epochs, RECIPE.batch, RECIPE.rate, RECIPE.head_rate


def pairs_of(items, tokenizer):
    """Items of the task as pairs (ids, label)."""
    sentences = bert_models.tokenise([one.text for one in items], tokenizer)
    return [(ids, one.label) for ids, one in zip(sentences, items, strict=True)]


def trained(model, tokenizer, items, seed, rate=None):
    """Fine-tune the model on the items, by the recipe of its size. Returns what there is to say about the run, as a dict.

    rate: another learning rate than the recipe's.
    """
    own = bert_models.recipe(model.config)
    train, validation = (pairs_of(part, tokenizer) for part in (arithmetic.resampled(items), SPLIT.validation))
    torch.manual_seed(seed)  # for dropout
    recipe = {"epochs": own.epochs, "batch": own.batch, "rate": own.rate if rate is None else rate, "seed": seed}
    with gpu.placed(model, gpu.device() if model.config.hidden_size >= 256 else None):  # a small model gains nothing there
        history = fine_tune(model, train, validation, tokenizer.pad_token_id, **recipe)
    told = [[float(loss), float(accuracy)] for loss, accuracy in history]
    return {"history": told, "parts": arithmetic.parts(items), **recipe}


def run(label, start, build, tokenizer, items, seed, rate=None):
    """A model fine-tuned on the items: trained once, then loaded. Has the attributes .model, .history and .parts.

    start: name of the model that it begins as; build(): returns the model as it is before training.
    """
    return bert_models.kept(label, start, build, lambda model: trained(model, tokenizer, items, seed, rate))


# %% [markdown]
# **Your task** (s001-3.Q2, the models). Write `tuned_on(size, seed)`: start from `NAMES["math"]` with three
# labels, its own tokenizer, and train with `run` on the right items: `few` for size 160, `train` for size
# 640. Give each size and seed a label of its own. The new head is drawn at random, so `pre_trained` takes the
# seed too: runs with different seeds must be different runs, else their spread means nothing.


# %% answer="s001-3.Q2-models"
def tuned_on(size: int, seed: int) -> bert_models.Kept:
    """What `run` returns: NAMES["math"], fine-tuned on 160 or 640 items with this seed."""
    ### BEGIN SOLUTION
    start = NAMES["math"]
    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    tokenizer = bert_models.tokenizer(start)
    return run(f"math-{size}-{seed}", start, lambda: pre_trained(start, 3, seed), tokenizer, items, seed)
    ### END SOLUTION


# %% locked="train-tuned"
tuned = {size: [tuned_on(size, seed) for seed in SEEDS] for size in (160, 640)}

# %% tests="s001-3.Q2-models"
def public_tests_models():
    for size, runs in tuned.items():
        assert len(runs) == len(SEEDS), "one run per seed"
        for one in runs:
            assert isinstance(one.model, BertForSentenceClassification), "the model is of your own class"
            assert len(one.history) == EPOCHS, f"a history of {EPOCHS} epochs"
            losses = [loss for loss, _ in one.history]
            assert losses[-1] < losses[0], f"the training loss on {size} items does not fall"
    print("public tests of 3.2 passed")


public_tests_models()

# %% locked="looking"
def answers_of(model, name=None, items=SPLIT.validation):
    """The model's answers to the items, read with the tokenizer of `name`."""
    by = bert_models.tokenizer(name or NAMES["math"])
    return predict(model, bert_models.tokenise([one.text for one in items], by), by.pad_token_id)


def reports_of(runs, name=None):
    """One report on the validation items per run."""
    return [on_validation(answers_of(one.model, name)) for one in runs]


# %% figure="picture-tuned"
def show_tuned():
    for size, runs in tuned.items():
        for seed, found in zip(SEEDS, reports_of(runs), strict=True):
            print(f"{size} items, seed {seed}: {line(found)}")
    histories = {f"{size} items": [one.history for one in runs] for size, runs in tuned.items()}
    return bert_pictures.curves(histories, on_validation([2] * 160)["majority"])


pictures.when_ready("tuned", show_tuned)

# %% [markdown]
# Where do they err? Rows are what is right. Look at the middle row: with 160 items, four different zeros is
# all that a model ever sees.

# %% figure="picture-confusion"
pictures.when_ready(
    "tuned",
    lambda: bert_pictures.confusion(
        {
            **{
                f"{size} items": (answers_of(runs[0].model), [one.label for one in SPLIT.validation])
                for size, runs in tuned.items()
            },
            "always positive": ([2] * 160, [one.label for one in SPLIT.validation]),
        }
    ),
)
