# %% [markdown]
# # Part 5: Pre-training
#
# ## 5.1 How a BERT is pre-trained
#
# **Why.** `NAMES["math"]` never saw a label. It learned from a game that needs none: hide words, guess them.
#
# **The idea** ([Devlin et al. 2018](https://arxiv.org/abs/1810.04805)). Choose every token with probability
# $p$, usually 0.15, each by its own coin; marks such as `[CLS]` are never chosen. Of the chosen ones, each again by a draw of its own, 80 % become `[MASK]`, 10 % a
# random token of the whole vocabulary, 10 % stay as they are: in real sentences there is no `[MASK]`, so the
# model must not rely on it. Loss is counted at the chosen positions only; all other labels are -100, which
# `cross_entropy` skips.
#
# **A small example.** Ids `[2, 14, 9, 3]` with 2 and 3 special. If only 14 is chosen, the labels are `[-100,
# 14, -100, -100]`, and the input is most likely `[2, MASK, 9, 3]`.
#
# **The price.** A left-to-right model predicts every token from those before it: $n - 1$ targets in a
# sentence of $n$ tokens, counting all of them. A masked model has $p\,n$ on average.
#
# **Your task** (s004-1.09). All randomness comes from the generator `gen`: the same state gives the same
# batch.


# %% locked="generator"
def generator(seed):
    """A source of randomness of its own."""
    return torch.Generator().manual_seed(seed)


# %% answer="s004-1.09"
def mlm_batch(
    ids: torch.Tensor, p: float, gen: torch.Generator, *, mask_id: int, vocab_size: int, special_ids: list[int]
) -> tuple[torch.Tensor, torch.Tensor]:
    """(inputs, labels) for masked language modelling, both (b, n) int64, were it a single sentence or word.

    ids: (b, n) int64, left as it is; p: probability of being chosen; gen: torch.Generator;
    special_ids: list of ids that are never chosen. Random tokens are drawn from 0 ... vocab_size - 1.
    """
    ### BEGIN SOLUTION
    special = torch.isin(ids, torch.as_tensor(special_ids))
    chosen = (torch.rand(ids.shape, generator=gen) < p) & ~special
    kind = torch.rand(ids.shape, generator=gen)
    words = torch.randint(0, vocab_size, ids.shape, generator=gen)
    inputs = torch.where(chosen & (kind < 0.8), torch.full_like(ids, mask_id), ids)
    inputs = torch.where(chosen & (kind >= 0.9), words, inputs)
    return inputs, torch.where(chosen, ids, torch.full_like(ids, -100))
    ### END SOLUTION


def signal_ratio(n: int, p: float = 0.15) -> float:
    """How many times as many targets a left-to-right model has as a masked one, for n tokens and on average."""
    ### BEGIN SOLUTION
    return (n - 1) / (p * n)
    ### END SOLUTION


# %% tests="s004-1.09"
def public_tests_masking():
    ids = torch.randint(5, 40, (50, 20), generator=generator(1))
    ids[:, 0], ids[:, -1] = 2, 3
    known = {"mask_id": 4, "vocab_size": 40, "special_ids": [0, 1, 2, 3, 4]}
    before = ids.clone()
    inputs, labels = mlm_batch(ids, 0.15, generator(2), **known)
    assert torch.equal(ids, before), "the caller's ids changed"
    assert inputs.shape == labels.shape == ids.shape, "inputs and labels have the shape of ids"
    assert inputs.dtype == labels.dtype == torch.int64, "inputs and labels are ids: int64"
    chosen = labels != -100
    assert 0.05 < chosen.double().mean() < 0.25, f"about 15 % are chosen, yours {float(chosen.double().mean()):.0%}"
    assert torch.equal(inputs[~chosen], ids[~chosen]), "a token that is not chosen stays as it is"
    assert torch.equal(labels[chosen], ids[chosen]), "the label of a chosen token is the token itself"
    assert not chosen[:, 0].any(), "marks are never chosen"
    again = mlm_batch(ids, 0.15, generator(2), **known)
    assert torch.equal(again[0], inputs), "the same generator state gives the same batch"
    assert signal_ratio(2) < signal_ratio(50), "a long sentence loses less than a short one by its first token"
    assert abs(float(signal_ratio(3, 0.5)) - 4 / 3) < 1e-6, "of 3 words at p = 0.5: 2 targets against 1.5"
    inputs, labels = mlm_batch(torch.tensor([[9]]), 0.0, generator(3), **known)
    assert inputs.tolist() == [[9]], "with p = 0 the inputs are the ids, were it a single word"
    assert labels.tolist() == [[-100]], "with p = 0 nothing is to be predicted"
    print("public tests of 5.1 passed")


public_tests_masking()

# %% [markdown]
# **Write it down** (s004-1.09, read by a person). Does a masked model need more or fewer pre-training steps
# than a left-to-right model of the same size, and why? Use `signal_ratio(128)`.

# %% [markdown] answer="s004-1.09-why" grade_id="proof-s004-1_09"
# ### BEGIN SOLUTION
# More. From a sentence of 128 tokens the left-to-right model gets 127 targets, the masked one about 19: 6.6
# times fewer per step (and [MASK], which it learns to handle, never occurs later). Each target is easier,
# since both sides of the gap are visible, so the number of steps need not grow by that very factor.
# ### END SOLUTION

# %% [markdown]
# ## 5.2 Were the weights loaded?
#
# **Why.** Somebody starts from [BERTweet](https://arxiv.org/abs/2005.10200) instead of
# [MathBERT](https://arxiv.org/abs/2106.07340), gets 72 % and concludes: tweets teach no
# arithmetic. But BERTweet is a **RoBERTa** ([Liu et al. 2019](https://arxiv.org/abs/1907.11692)). Its tensors
# are called `roberta.encoder...`; a class built on `BertModel` looks for `bert.encoder...`, finds none of them, draws random numbers, prints a table that
# nobody reads, and trains. The conclusion may be right or wrong: the experiment was about a random network.
#
# **The idea.** Two remedies. *Load right*: the folder's configuration knows its kind. `AutoConfig`,
# `AutoModel` and `AutoTokenizer` follow it; a RoBERTa model fits under your head, for it hands out a
# `pooler_output` too. *And look*: compare the loaded numbers with the stored ones, tensor by tensor.
#
# **How names differ.** Stored names may begin with `bert.` or `roberta.` or with neither; the model's
# backbone names begin with `bert.`, whatever lies there. What comes after the prefix is the same. The head
# belongs to no checkpoint.
#
# **Traps.** That a name occurs on both sides says nothing about the numbers. Ids of one tokenizer are numbers
# to another model too: it answers, and all words are wrong ones. Our folder `roberta-tweet` holds the very
# numbers of `bert-tweet` in RoBERTa's format: with the right class both must do the same.
#
# **Your task** (s001-3.3, loading). Names such as `"random-bert-6"` and `"random-roberta-7"` stand for small
# folders of either kind, for trying. `bert_models.folder(name)` is what to give to `from_pretrained`;
# `bert_models.weights(name)` is what is stored.


# %% answer="s001-3.3-load"
def load_classifier(name: str, num_labels: int) -> tuple:
    """(model, tokenizer): your classifier on the stored backbone of `name`, of BERT's or of RoBERTa's kind.

    The model is read anew at every call: two of them share no memory.
    """
    ### BEGIN SOLUTION
    where = bert_models.folder(name)
    config = AutoConfig.from_pretrained(where, num_labels=num_labels)
    model = BertForSentenceClassification(config)
    model.bert = AutoModel.from_pretrained(where)
    return model, bert_models.tokenizer(name)
    ### END SOLUTION


def loaded_fraction(model: nn.Module, checkpoint: dict[str, torch.Tensor]) -> float:
    """The share of the backbone's parameters (counted as tensors, the head left out) that are stored in the
    checkpoint: under the same name up to the prefix, with the same shape and the same numbers.

    checkpoint: stored name -> tensor; it stays as it is.
    """
    ### BEGIN SOLUTION
    stored = {name.removeprefix("bert.").removeprefix("roberta."): value for name, value in checkpoint.items()}
    backbone = {
        name.removeprefix("bert."): value
        for name, value in model.named_parameters()
        if not name.startswith("classifier.")
    }
    found = [name in stored and torch.equal(stored[name], value.detach()) for name, value in backbone.items()]
    return sum(found) / len(found)
    ### END SOLUTION


# %% tests="s001-3.3-load"
def public_tests_loading():
    for name in ("bert-math", "roberta-tweet"):
        model, tokenizer = load_classifier(name, 4)
        rows = model.bert.get_input_embeddings().weight.shape[0]
        assert rows == len(tokenizer), f"{name}: {len(tokenizer)} words, but {rows} rows in the embedding table"
        ids = torch.tensor([tokenizer("four minus ten")["input_ids"]])
        assert model(input_ids=ids)[0].shape == (1, 4), "the head has as many outputs as there are labels"
        share = float(loaded_fraction(model, bert_models.weights(name)))
        assert 0 <= share <= 1, "a fraction lies between 0 and 1"
        assert share > 0.9, f"{name}: only {share:.0%} of the tensors hold what the checkpoint holds"
    print("public tests of 5.2 passed")


public_tests_loading()

# %% figure="show-loaded"
def show_loaded():
    for name in ("bert-math", "bert-tweet", "roberta-tweet"):
        share = loaded_fraction(load_classifier(name, 3)[0], bert_models.weights(name))
        print(f"{name:14} with the class of its kind: {share:.2f} of the backbone loaded")
    misread = loaded_fraction(pre_trained("roberta-tweet"), bert_models.weights("roberta-tweet"))
    print(f"roberta-tweet  with a class made for BERT: {misread:.2f}")


pictures.when_ready("load_classifier and loaded_fraction", show_loaded)
