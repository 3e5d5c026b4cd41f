# %% [markdown]
# # Part 2: The classifier
#
# ## 2.1 A head on BERT
#
# **Why.** BERT turns a sentence into one vector per token. A classifier needs one vector per *sentence*, and
# one number per class.
#
# **The idea.** Every sentence begins with the mark `[CLS]`, which has no meaning of its own and attends to
# all other tokens. BERT's **pooler** takes its last vector through one more layer, $\tanh(W h_{[CLS]} + b)$,
# and hands out the result as `pooler_output`. On top of it you put one linear layer with as many outputs as
# the configuration has labels.
#
# **Traps.** Cross-entropy wants *raw* logits: it contains the softmax, and so stays finite however sure the model is. A hard-coded 3 works until somebody
# has five classes. And `pooler_output` is not `last_hidden_state[:, 0]`: look at the formula.
#
# **Your task** (s001-3.1). The class below. Its name for the backbone is fixed: `self.bert`. That is where
# `from_pretrained` puts what it finds on disk; it also wants the last line of `__init__` as it stands. Accept
# whatever inputs BERT accepts, by keyword (token types and positions too, not only ids and mask).


# %% answer="s001-3.1"
class BertForSentenceClassification(BertPreTrainedModel):
    """BERT with a linear layer on its pooled output.

    config.num_labels classes. self.bert: a BertModel; self.classifier: nn.Linear(hidden_size, num_labels).
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__(config)
        ### BEGIN SOLUTION
        self.bert = BertModel(config)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        ### END SOLUTION
        self.post_init()  # of transformers, stays last: draws what no checkpoint fills

    def forward(self, labels: torch.Tensor | None = None, **inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """inputs: what BERT takes (input_ids and attention_mask, (b, n)); labels: (b,) classes, or None.

        Returns (logits,) or, with labels, (logits, loss): raw logits (b, num_labels), mean cross-entropy.
        """
        ### BEGIN SOLUTION
        logits = self.classifier(self.bert(**inputs).pooler_output)
        if labels is None:
            return (logits,)
        return logits, F.cross_entropy(logits, labels)
        ### END SOLUTION


# %% [markdown]
# A workbench: small models of your class, filled with random numbers, to try things on. The hidden checks use
# it too. `kind="roberta"` puts RoBERTa under your head, as we shall need in Part 5.


# %% locked="workbench"
def tiny_model(num_labels=3, seed=0, kind="bert", dtype="float32", **sizes):
    """Your classifier, small and random, in eval mode. sizes: hidden, layers, vocabulary, dropout."""
    config = bert_models.tiny_config(num_labels, kind=kind, **sizes)
    model = BertForSentenceClassification(config)
    if kind == "roberta":
        model.bert = RobertaModel(config)
    bert_models.generic(model, seed)
    return model.to(getattr(torch, dtype)).eval()


def other_model(num_labels=3, seed=0):
    """A classifier that is no Transformer: its backbone is called otherwise, its head is called classifier."""
    model = bert_models.BagOfWords(num_labels)
    bert_models.generic(model, seed)
    return model.eval()


def pre_trained(name, num_labels=3, seed=0):
    """Your classifier on the weights of a model of BERT's kind; what these lack is drawn from `seed`."""
    torch.manual_seed(seed)
    return BertForSentenceClassification.from_pretrained(bert_models.folder(name), num_labels=num_labels)


def gradients(model, **inputs):
    """Parameter name -> gradient of the loss for these inputs and labels, None where nothing arrives."""
    model.zero_grad()
    model(**inputs)[1].backward()
    return {name: None if p.grad is None else p.grad.clone() for name, p in model.named_parameters()}


def after_adamw(model, steps=1, rate=0.05, decay=0.2, **inputs):
    """Parameter name -> value after some steps of AdamW with weight decay, over all parameters of the model."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay)
    for _ in range(steps):
        optimizer.zero_grad()
        model(**inputs)[1].backward()
        optimizer.step()
    return {name: p.detach().clone() for name, p in model.named_parameters()}


# %% tests="s001-3.1"
def public_tests_head():
    ids = torch.tensor([[2, 7, 8, 9, 3], [2, 11, 5, 3, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 1, 0]])
    model = tiny_model(4, seed=1)
    alone = model(input_ids=ids, attention_mask=mask)
    assert isinstance(alone, tuple), f"forward returns a tuple, yours a {type(alone).__name__}"
    assert len(alone) == 1, "without labels the tuple holds the logits and nothing else"
    assert alone[0].shape == (2, 4), f"4 labels and 2 sentences: logits (2, 4), yours {tuple(alone[0].shape)}"
    both = model(input_ids=ids, attention_mask=mask, labels=torch.tensor([3, 0]))
    assert len(both) == 2, "with labels: (logits, loss)"
    assert both[1].ndim == 0, "the loss is one number for the whole batch"
    padded = ids.clone()
    padded[1, 4] = 13
    other = model(input_ids=padded, attention_mask=mask)[0]
    assert torch.allclose(alone[0], other, atol=1e-6), "a token under mask 0 changes your logits"
    first = {"input_ids": ids[:1], "attention_mask": mask[:1]}
    assert len(model(labels=None, **first)) == 1, "labels=None is the same as no labels"
    assert model(labels=torch.tensor([3]), **first)[1].ndim == 0, "a batch of one sentence has a loss of one number, too"
    for name, value in (("token_type_ids", torch.ones_like(ids)), ("position_ids", torch.tensor([[4, 3, 2, 1, 0]] * 2))):
        told = model(input_ids=ids, attention_mask=mask, **{name: value})[0]
        assert not torch.allclose(alone[0], told, atol=1e-6), f"{name} change nothing: whatever is given should reach BERT"
    learning = tiny_model(3, dropout=0.4).train()
    once, again = (learning(**first)[0] for _ in range(2))
    assert not torch.allclose(once, again), "in training mode BERT's dropout is at work: no two calls give the same logits"
    print("public tests of 2.1 passed")


public_tests_head()

# %% [markdown]
# ## 2.2 Which position to read
#
# **Why.** The head must sit on a vector that has *seen the sentence*. In BERT every position sees every
# other, so a mark at the front will do. A left-to-right model such as GPT is different: there, position 0 has
# seen itself and nothing else.
#
# **The idea.** For `"cls"` take the first real token, for `"last"` the last real one. Which one that is, the
# mask says, and it differs from row to row.
#
# **A small example.** Mask `1 1 1 0`: first 0, last 2. Mask `0 0 1 1` (padded on the left, as GPT's
# tokenizers like it): first 2, last 3.
#
# **A trap.** `H[:, -1]` reads padding as soon as one sentence is shorter than another. Nothing warns you: the
# shape is right.
#
# **Your task** (s004-1.08).


# %% answer="s004-1.08"
def pool(H: torch.Tensor, mask: torch.Tensor, kind: str) -> torch.Tensor:
    """One vector per sentence: that of its first ("cls") or last ("last") real token.

    H: (b, n, d); mask: (b, n), 1 for real tokens, which stand together, 0 for padding: on the right, on the left, or
    on both sides, and not alike in all rows. Returns (b, d), of the dtype of H, also for b = 1 or d = 1. The numbers
    of a real token come back as they are, were they huge, or all 0.
    """
    ### BEGIN SOLUTION
    places = torch.arange(mask.shape[1], device=mask.device)
    if kind == "cls":
        at = places.masked_fill(mask == 0, mask.shape[1]).amin(dim=1)
    else:
        at = places.masked_fill(mask == 0, -1).amax(dim=1)
    return H[torch.arange(len(H), device=H.device), at]
    ### END SOLUTION


# %% tests="s004-1.08"
def public_tests_pool():
    H = torch.arange(24.0).reshape(2, 4, 3)
    mask = torch.tensor([[1, 1, 1, 0], [1, 1, 1, 1]])
    first, last = pool(H, mask, "cls"), pool(H, mask, "last")
    assert first.shape == (2, 3), f"one vector per sentence: (2, 3), yours is {tuple(first.shape)}"
    assert torch.equal(first[1], H[1, 0]), "the second sentence is full: its first token is number 0"
    assert torch.equal(last[1], H[1, 3]), "the second sentence is full: its last token is number 3"
    loud = H.clone()
    loud[0, 3] = 1e6
    assert torch.equal(pool(loud, mask, "last")[0], last[0]), "your vector of a short sentence comes from padding"
    assert pool(H[:1, :, :1], mask[:1], "last").tolist() == [[6.0]], "one sentence, one number per token: both axes stay"
    print("public tests of 2.2 passed")


public_tests_pool()

# %% [markdown]
# **Write it down** (s004-1.08, read by a person). You have a left-to-right language model and want to
# classify sentences with it. Where do you put the new layer, what becomes of the old output layer, and why
# not on position 0? Two or three sentences.

# %% [markdown] answer="s004-1.08-why" grade_id="proof-s004-1_08"
# ### BEGIN SOLUTION
# A linear layer with one output per class replaces the layer that predicts words; it gives raw logits, since
# cross-entropy contains the softmax. It reads the last layer's vector of the last token that is not padding.
# With a causal mask a position sees only what stands before it: the last real token is the only one that has
# seen the whole sentence, and position 0 has seen no more than itself.
# ### END SOLUTION
