# %% [markdown]
# Two of the 39 tensors are missing even from a right load. Which, and why is that no mistake?
#
# ## 5.3 What the pre-training data change
#
# Now the experiment, done fairly: one architecture, one recipe, the same items and seeds, and as a control a
# BERT that was never pre-trained. The tweets hold all number words ("just had nine tacos lol"), in places
# where any number would do. Last, the trap of 5.2: `roberta-tweet` read by the wrong class.


# %% locked="train-others"
def from_tweets(size, seed):
    """NAMES["tweet"], fine-tuned like your models of 3.2."""

    def build():
        torch.manual_seed(seed)
        return load_classifier(NAMES["tweet"], 3)[0]

    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    return run(f"tweet-{size}-{seed}", NAMES["tweet"], build, bert_models.tokenizer(NAMES["tweet"]), items, seed)


def untrained(name, seed):
    """The control for a model of this name: your classifier, just as large, of random weights."""
    torch.manual_seed(seed)
    config = AutoConfig.from_pretrained(bert_models.folder(name), num_labels=3)
    model = BertForSentenceClassification(config)
    if config.model_type != "bert":
        model.bert = AutoModel.from_config(config)
    return model


def from_nothing(size, seed):
    """The control of your models of 3.2: as large as NAMES["math"], with its tokenizer, and of random weights."""
    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    tokenizer = bert_models.tokenizer(NAMES["math"])
    return run(f"random-{size}-{seed}", "", lambda: untrained(NAMES["math"], seed), tokenizer, items, seed)


def from_misread(seed):
    """roberta-tweet, loaded into a class that is made for BERT."""
    tokenizer = bert_models.tokenizer("roberta-tweet")
    return run(f"misread-160-{seed}", "", lambda: pre_trained("roberta-tweet", 3, seed), tokenizer, SPLIT.few, seed)


others = {
    "tweet, 160": [from_tweets(160, seed) for seed in SEEDS],
    "random, 160": [from_nothing(160, seed) for seed in SEEDS],
    "tweet, 640": [from_tweets(640, seed) for seed in SEEDS[:1]],
    "random, 640": [from_nothing(640, seed) for seed in SEEDS],
    "misread, 160": [from_misread(seed) for seed in SEEDS[:1]],
}

READ_BY = {"tweet": NAMES["tweet"], "random": NAMES["math"], "misread": "roberta-tweet"}


def reports_by_start():
    """Reports on the validation items of all models that were trained in full, one per seed."""
    found = {f"math, {size}": reports_of(runs) for size, runs in tuned.items()}
    return found | {name: reports_of(runs, READ_BY[name.split(",")[0]]) for name, runs in others.items()}


# %% figure="picture-others"
def show_starts(size):
    found = {name: reports for name, reports in reports_by_start().items() if name.endswith(str(size))}
    for name, reports in found.items():
        print(f"{name:13} accuracies", [round(float(one["accuracy"]), 3) for one in reports], "-", line(reports[0]))
    return bert_pictures.recall_bars(found, on_validation([2] * 160))


pictures.when_ready("others", lambda: show_starts(160))

# %% figure="picture-others-640"
pictures.when_ready("others", lambda: show_starts(640))

# %% figure="picture-others-confusion"
pictures.when_ready(
    "others",
    lambda: bert_pictures.confusion(
        {
            name: (answers_of(runs[0].model, reader), [one.label for one in SPLIT.validation])
            for name, runs, reader in (
                ("math, 160", tuned[160], NAMES["math"]),
                ("tweet, 160", others["tweet, 160"], NAMES["tweet"]),
                ("random, 160", others["random, 160"], NAMES["math"]),
                ("misread, 160", others["misread, 160"], "roberta-tweet"),
            )
        }
    ),
)

# %% [markdown]
# **Your task** (s001-3.3). Three answers about **your** models, by your `compare` on accuracies over the
# validation items:
#
# - `few_items`: after 160 items, `"math"` (`tuned[160]`) against `"tweet"`: which is better, or
#   `"undecided"`?
# - `many_items`: after 640 items, `"math"` (`tuned[640]`) against `"random"`: which is better, or
#   `"undecided"`?
# - `misread_began_as`: what did the model in `others["misread, 160"]` know before it was fine-tuned?
#   `"tweets"`, `"numbers"` or `"nothing"`.


# %% answer="s001-3.3"
# Replace each None by your answer, and delete the `raise` below.
few_items = None
many_items = None
misread_began_as = None
### BEGIN SOLUTION
few_items = "math"
many_items = "undecided"
misread_began_as = "nothing"
### END SOLUTION

# %% tests="s001-3.3"
def public_tests_claims():
    assert few_items in ("math", "tweet", "undecided"), "few_items is one of the three words"
    assert many_items in ("math", "random", "undecided"), "many_items is one of the three words"
    assert misread_began_as in ("tweets", "numbers", "nothing"), "misread_began_as is one of the three words"
    print("public tests of 5.3 passed")


public_tests_claims()

# %% [markdown]
# **Write it down** (s001-3.3, read by a person). "BERTweet 72 %, nowhere near MathBERT, even when that one is
# frozen (74 %)." Judge this sentence: what is wrong with comparing 72 and 74, what may have gone wrong before
# training, and what can be said about pre-training data from *your* runs?

# %% [markdown] answer="s001-3.3-why" grade_id="proof-s001-3_3"
# ### BEGIN SOLUTION
# 72 and 74 % differ by less than the sampling error of 160 items (3 to 4 points each), and both sit at the
# majority baseline of 74 %: neither model need have learned anything. A RoBERTa checkpoint in a BertModel
# class is re-initialised in silence, so the number may say nothing about tweets; the loaded fraction (0
# instead of 0.95) would have told. In our runs, with everything else equal and three seeds, 160 items bring
# the model that read about numbers to about 0.91, the one that read tweets to 0.82 and random weights to 0.76:
# any text helps a little, text in which number words stand in an order helps most. After 640 items nothing is
# left of the difference: the task then teaches the order itself.
# ### END SOLUTION

# %% [markdown]
# ## 5.4 What fine-tuning changed
#
# **Why.** "The fine-tuned model" and "the pre-trained model" are two files of numbers. What is the
# difference? To look is the surest way to find out what a training run did, and whether it did anything.
#
# **The idea.** Go through the names of both. **Added** are names that only the second has, **removed** those
# that only the first has; of the rest, **unchanged** means the same shape, the same dtype and the same
# numbers.
#
# **A small example.** Before: `a`, `b`; after: `b`, `c`, with another number in `b`. Then `b` is changed, `c`
# added, `a` removed.
#
# **A trap.** Comparing two tensors of different shapes may raise an error or, worse, be broadcast. And not every
# tensor holds fractions: a count of training steps is a whole number, with more digits than a float has.
#
# **Your task** (s004-1.14).


# %% answer="s004-1.14"
def diff(sd_a: dict[str, torch.Tensor], sd_b: dict[str, torch.Tensor]) -> dict[str, set[str]]:
    """What became of the tensors of sd_a (before) in sd_b (after): both map names to tensors.

    Returns a dict of sets of names: changed, added, removed, unchanged.
    """
    ### BEGIN SOLUTION
    def same(a, b):
        return a.shape == b.shape and a.dtype == b.dtype and torch.equal(a, b)

    both = sd_a.keys() & sd_b.keys()
    unchanged = {name for name in both if same(sd_a[name], sd_b[name])}
    return {
        "changed": both - unchanged,
        "added": sd_b.keys() - sd_a.keys(),
        "removed": sd_a.keys() - sd_b.keys(),
        "unchanged": unchanged,
    }
    ### END SOLUTION


# %% tests="s004-1.14"
def public_tests_diff():
    before = {"a": torch.ones(2), "b": torch.zeros(3), "d": torch.zeros(1)}
    after = {"b": torch.tensor([0.0, 0.0, 1e-6]), "c": torch.ones(2), "d": torch.zeros(1)}
    got = {kind: sorted(names) for kind, names in diff(before, after).items()}
    assert set(got) == {"changed", "added", "removed", "unchanged"}, "a dict with exactly these four keys"
    assert got["added"] == ["c"], "only `after` has c"
    assert "b" in got["changed"], "a small change is a change"
    assert sum(map(len, got.values())) == 4, "each of the four names belongs to one kind"
    assert sorted(diff({}, before)["added"]) == ["a", "b", "d"], "from nothing: all are added"
    assert sorted(diff(before, {})["removed"]) == ["a", "b", "d"], "to nothing: all are removed"
    print("public tests of 5.4 passed")


public_tests_diff()

# %% figure="show-diff"
def show_diff():
    before = bert_models.weights(NAMES["math"])
    for name, model in (("tuned", tuned[640][0].model), ("frozen", frozen["own rate"][0].model)):
        kinds = diff(before, {key: value.detach() for key, value in model.state_dict().items()})
        print(f"{name:7}", ", ".join(f"{kind} {len(names)}" for kind, names in kinds.items()))
        print("        added:", ", ".join(sorted(kinds["added"])))


pictures.when_ready("diff", show_diff)

# %% [markdown]
# **Write it down** (s004-1.14, read by a person). In two or three sentences: what do a pre-trained and a
# fine-tuned model share, and in what do their data, objectives and weights differ?

# %% [markdown] answer="s004-1.14-why" grade_id="proof-s004-1_14"
# ### BEGIN SOLUTION
# They share the backbone's architecture, tokenizer and most of what the weights know. Pre-training uses much
# unlabelled text and a self-supervised objective (fill in the masked word); fine-tuning continues on few
# labelled examples of one task, with a small learning rate and usually a new head, drawn at random, in place
# of the word-predicting one. In full fine-tuning every used weight moves a little; in a frozen one only the
# head does.
# ### END SOLUTION

# %% [markdown]
# ## 5.5 BERT as a help for other language models
#
# **Why.** BERT reads in both directions, so it defines no probability of the next word. Can it still help a
# language model? As a judge, and as a start.
#
# **The idea.** As a *judge*: hide one word after the other, each alone, and add up the log-probabilities of
# what stood there. That is the **pseudo-log-likelihood** of a sentence
# ([Salazar et al. 2020](https://arxiv.org/abs/1910.14659)). It is no log-probability, yet it ranks sentences. As a *start*: give the weights of BERT to a left-to-right model
# that has tensors of the same names and shapes. Its causal mask stays; all that was learned about words comes
# along.
#
# **A small example.** For `[CLS] w1 w2 [SEP]` two passes are needed, or one batch of two rows: `[CLS] MASK w2
# [SEP]` gives $\log p(w_1)$, `[CLS] w1 MASK [SEP]` gives $\log p(w_2)$.
#
# **Traps.** A word that is not hidden is copied, with a probability near 1. And two models that share memory
# are one model: whoever trains the second ruins the first. Logits of a model that is sure lie far apart, and one of
# exactly 0 is like any other.
#
# **Your task** (s004-1.11).


# %% locked="language-models"
def tiny_lm(seed, causal=False, dtype="float64", **sizes):
    """A small random language model, in eval mode: masked, or left-to-right with `causal`. model(ids) has .logits."""
    config = bert_models.tiny_config(2, is_decoder=causal, **sizes)
    model = (BertLMHeadModel if causal else BertForMaskedLM)(config)
    bert_models.generic(model, seed)
    return model.to(getattr(torch, dtype)).eval()


def logits_of(model, ids):
    """The logits of a language model, (b, n, vocabulary)."""
    with torch.no_grad():
        return model(input_ids=ids).logits


# %% answer="s004-1.11"
def pll(model: nn.Module, ids: torch.Tensor, *, mask_id: int, special_ids: list[int]) -> float:
    """Pseudo-log-likelihood of one sentence under a masked language model: a float, natural logarithm.

    ids: (n,) int64; sums log p(ids[i] | all others, place i hidden) over the places i that hold no special id.
    """
    ### BEGIN SOLUTION
    places = [i for i, token in enumerate(ids.tolist()) if token not in special_ids]
    if not places:
        return 0.0
    rows = ids.repeat(len(places), 1)
    rows[torch.arange(len(places)), places] = mask_id
    scores = logits_of(model, rows)[torch.arange(len(places)), places].log_softmax(dim=-1)
    return float(scores[torch.arange(len(places)), ids[places]].sum())
    ### END SOLUTION


def init_from(bert: nn.Module, lm: nn.Module) -> list[str]:
    """Copy every parameter of `bert` into the parameter of `lm` with the same name and shape, in place.

    Returns the sorted names, as in `lm.named_parameters()`, that got nothing. Afterwards the two share no memory,
    and `lm` can be trained as before.
    """
    ### BEGIN SOLUTION
    source = dict(bert.named_parameters())
    missing = []
    with torch.no_grad():
        for name, parameter in lm.named_parameters():
            if name in source and source[name].shape == parameter.shape:
                parameter.copy_(source[name])
            else:
                missing.append(name)
    return sorted(missing)
    ### END SOLUTION


# %% tests="s004-1.11"
def public_tests_language_models():
    model, ids = tiny_lm(1), torch.tensor([2, 9, 11, 3])
    before = ids.clone()
    score = pll(model, ids, mask_id=4, special_ids=[0, 2, 3, 4])
    assert torch.equal(ids, before), "the caller's ids changed"
    assert float(score) < 0, "a sum of logarithms of probabilities is negative"
    assert float(pll(model, torch.tensor([2, 3]), mask_id=4, special_ids=[2, 3])) == 0, "nothing to hide, nothing to add"
    bert, lm = tiny_lm(1), tiny_lm(2, causal=True)
    assert list(init_from(bert, lm)) == [], "all tensors of these two fit each other"
    name, value = next(iter(bert.named_parameters()))
    assert torch.equal(dict(lm.named_parameters())[name], value), f"{name} was not copied"
    print("public tests of 5.5 passed")


public_tests_language_models()

# %% [markdown]
# What does `bert-math` think? It was never told whether these sentences are true.

# %% figure="show-pll"
def show_pll():
    judge, by = BertForMaskedLM.from_pretrained(bert_models.folder("bert-math")).eval(), bert_models.tokenizer("bert-math")
    for one in ("three is less than nine", "nine is less than three", "nine three than is less"):
        ids = torch.tensor(by(one)["input_ids"])
        print(f"{one:26}{pll(judge, ids, mask_id=by.mask_token_id, special_ids=by.all_special_ids):8.2f}")


pictures.when_ready("pll", show_pll)

# %% [markdown]
# **Write it down** (s004-1.11, read by a person). Name two ways in which BERT can help to train or use a
# left-to-right language model, and say why it cannot simply take that model's place.

# %% [markdown] answer="s004-1.11-why" grade_id="proof-s004-1_11"
# ### BEGIN SOLUTION
# Its weights (or its embeddings alone) can initialise the model, or its encoder half; it can score candidates
# by pseudo-log-likelihood, or teach by distillation and supply features. It cannot take its place because its
# predictions use both sides: there is no consistent factorisation into next-word probabilities, so it neither
# assigns a sentence a probability nor generates one from left to right.
# ### END SOLUTION
