# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Fine-tuning BERT, and reading its accuracy
#
# "We fine-tuned BERT and got 92 %." To believe such a sentence you have to ask four questions. 92 % compared
# with what? Over how many seeds? Were the pre-trained weights really loaded? And has the model seen the
# answers? In this notebook you write the whole pipeline, and then you ask the four questions about your own
# models. One published version of this exercise fails at three of them.
#
# **What you will be able to do**
#
# - put a classification head on BERT, and say which of its vectors belongs under it;
# - batch sentences of different lengths, fine-tune, and evaluate without fooling yourself;
# - freeze a model, and say what that saves and what it costs;
# - tell a model that learned from one that *looks* trained: a constant answer, re-initialised weights,
#   another model's tokenizer, leaked validation items.
#
# | part | what you do | time |
# |---|---|---|
# | 1. The task | verbal arithmetic, and what a lazy answer scores | 15 minutes |
# | 2. The classifier | a head on BERT; which position it should read | 30 minutes |
# | 3. Fine-tuning | batches, training, prediction; your trained models | 45 minutes |
# | 4. Freezing | in place; how fast, how good | 30 minutes |
# | 5. Pre-training | masking, data, silent re-initialisation, what changes | 60 minutes |
#
# **How it is graded.** Below each answer is a cell with *public tests*. After you hand in, *hidden checks*
# call your functions with other models, sizes and numbers; points are counted per property. Your trained
# models are handed in as the folder `checkpoints/` beside the notebook. Nobody takes your word for an
# accuracy: we predict again with your weights, also on items that you were asked not to train on, and we
# compare with bars that come from training the same way with many seeds. Texts are read by a person.
#
# **How long it trains.** About one minute in all, on two cores; later runs load what is there. Change how you
# train? Then delete `checkpoints/`. With `SEQ2GRADE_PROFILE=fast` in the environment there are two seeds and
# three epochs: enough to see that your code runs, too little for a model worth handing in.
#
# **Small models.** The BERTs here have 2 layers, 64 dimensions and a vocabulary of some forty to a hundred
# words; they lie in the installed kit and need no internet. With `SEQ2KIT_ONLINE=1` the same cells use
# `tbs17/MathBERT` and `vinai/bertweet-base` (slow without a GPU, and nothing to hand in).

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math
import time

import torch
from torch import nn
from transformers import (
    AutoConfig,
    AutoModel,
    BertConfig,
    BertForMaskedLM,
    BertLMHeadModel,
    BertModel,
    BertPreTrainedModel,
    RobertaModel,
)

from seq2kit import arithmetic, bert_models, bert_pictures, pictures, profiles

bert_models.hush()
F = nn.functional
SPLIT = arithmetic.split()

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "one-thread", "locked": true, "schema_version": 3, "solution": false, "task": false}
torch.set_num_threads(1)  # models this small lose more than they gain by sharing work among threads

# %% [markdown]
# # Part 1: The task
#
# "four minus ten" is **negative**, "six minus six" is **zero**, "two plus nine" is **positive**. All pairs of
# zero to nineteen with both signs make 800 sentences. We made them by rule, so there is no noise in the
# labels, and split them by a hash of the sentence, so that the split never moves.

# %% nbgrader={"grade": false, "grade_id": "show-data", "locked": true, "schema_version": 3, "solution": false, "task": false}
for name in ("train", "few", "rest", "validation"):
    part = getattr(SPLIT, name)
    minus = [one for one in part if one.minus]
    print(f"{name:10} {len(part)} items {arithmetic.balance(part)}; minus only: {arithmetic.balance(minus)}")
print("\n".join(f"{one.text:26} {arithmetic.LABELS[one.label]}" for one in SPLIT.validation[::19]))

# %% [markdown]
# `few` and `rest` are the two parts of `train`. Some models below are trained on the 160 items of `few` only:
# there `rest` is kept back as well.
#
# Look at the balance before you look at any model. **589 of 800 are positive: 73.6 %.** Sums are positive
# except "zero plus zero", so half of the items need no arithmetic at all. And only 21 items are zero. For
# training we therefore repeat each of them six times (`arithmetic.resampled`); for evaluation we never do.
#
# ## 1.1 What a lazy answer scores
#
# **Why.** A published table says that a frozen BERT reaches 74 % here, "still useful". What does a program
# reach that prints "positive" and stops?
#
# **The idea.** An accuracy alone says nothing. Beside it belong: the **majority baseline**, the accuracy of
# always answering the most frequent label *of these items*; the **recall** of each class, the share of the
# items of that class that are answered right; their mean, the **balanced accuracy**, which any constant
# answer brings to one third; and the accuracy **on the minus items**, the ones that need thought.
#
# **A small example.** Labels 2, 2, 2, 0, 1 and answers 2, 2, 0, 0, 2. Three of five are right: 0.6. The
# majority baseline is 0.6 as well. Recalls are 1, 0 and 2/3, so the balanced accuracy is 0.556.
#
# **Traps.** Recall of a class divides by how often the class *is*, precision by how often it is *answered*.
# And the majority baseline comes from the labels, not from the answers.
#
# **Your task** (s001-3.2b, first half).


# %% nbgrader={"grade": false, "grade_id": "s001-3_2b-report", "locked": false, "schema_version": 3, "solution": true, "task": false}
def report(predicted, labels, minus):
    """What there is to say about the answers of a three-class model.

    predicted, labels: classes 0, 1, 2 of n items (lists or tensors); minus: n booleans, True for a minus item.
    Each class occurs among the labels, and there are minus items. Returns a dict:
      accuracy, majority  share of right answers; share of the most frequent label
      recall, balanced    list of three, one per class; their mean
      minus, minus_majority   accuracy and majority baseline of the minus items alone
    """
    ### BEGIN SOLUTION
    predicted, labels, minus = (torch.as_tensor(values) for values in (predicted, labels, minus))
    hit = (predicted == labels).double()
    recall = [float(hit[labels == label].mean()) for label in range(3)]

    def most_frequent(of):
        return float(torch.bincount(of).max()) / len(of)

    return {
        "accuracy": float(hit.mean()),
        "majority": most_frequent(labels),
        "recall": recall,
        "balanced": sum(recall) / 3,
        "minus": float(hit[minus.bool()].mean()),
        "minus_majority": most_frequent(labels[minus.bool()]),
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s001-3_2b-report", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def public_tests_report():
    got = report([2, 2, 0, 0, 2], [2, 2, 2, 0, 1], [False, False, False, True, True])
    wanted = {"accuracy", "majority", "recall", "balanced", "minus", "minus_majority"}
    assert set(got) == wanted, f"report returns a dict with exactly these keys: {sorted(wanted)}"
    assert len(got["recall"]) == 3, "recall holds one number per class"
    assert abs(float(got["accuracy"]) - 0.6) < 1e-6, "three of the five answers are right"
    assert abs(float(got["majority"]) - 0.6) < 1e-6, "label 2 makes up three of the five items"
    lazy = report([2] * 6, [0, 1, 2, 2, 2, 2], [True, True, True, False, False, False])
    assert abs(float(lazy["balanced"]) - 1 / 3) < 1e-6, "a constant answer has a balanced accuracy of one third"
    print("public tests of 1.1 passed")


public_tests_report()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("bert_finetuning", "s001-3.2b-report", globals(), checks=[
    "accuracy_beside_its_majority_baseline",
    "recall_divides_by_the_items_of_a_class",
    "balanced_accuracy_is_the_mean_recall",
    "minus_items_are_judged_alone",
])
### END HIDDEN TESTS

# %% [markdown]
# And the answer to the question above, on the validation items:

# %% nbgrader={"grade": false, "grade_id": "show-lazy", "locked": true, "schema_version": 3, "solution": false, "task": false}
def on_validation(predicted):
    """Your report of these answers to the validation items."""
    items = SPLIT.validation
    return report(predicted, [one.label for one in items], [one.minus for one in items])


def line(found):
    """A report in one line."""
    return ", ".join(
        f"{key} {found[key]:.3f}" for key in ("accuracy", "majority", "balanced", "minus", "minus_majority")
    )


pictures.when_ready("report", lambda: print(line(on_validation([2] * len(SPLIT.validation)))))

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
# **Traps.** Cross-entropy wants *raw* logits: it contains the softmax. A hard-coded 3 works until somebody
# has five classes. And `pooler_output` is not `last_hidden_state[:, 0]`: look at the formula.
#
# **Your task** (s001-3.1). The class below. Its name for the backbone is fixed: `self.bert`. That is where
# `from_pretrained` puts what it finds on disk; it also wants the last line of `__init__` as it stands. Accept
# whatever inputs BERT accepts, by keyword (token types and positions too, not only ids and mask).


# %% nbgrader={"grade": false, "grade_id": "s001-3_1", "locked": false, "schema_version": 3, "solution": true, "task": false}
class BertForSentenceClassification(BertPreTrainedModel):
    """BERT with a linear layer on its pooled output.

    config.num_labels classes. self.bert: a BertModel; self.classifier: nn.Linear(hidden_size, num_labels).
    """

    def __init__(self, config):
        super().__init__(config)
        ### BEGIN SOLUTION
        self.bert = BertModel(config)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        ### END SOLUTION
        self.post_init()  # of transformers, stays last: draws what no checkpoint fills

    def forward(self, labels=None, **inputs):
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


# %% nbgrader={"grade": false, "grade_id": "workbench", "locked": true, "schema_version": 3, "solution": false, "task": false}
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


# %% nbgrader={"grade": true, "grade_id": "test-s001-3_1", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
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
    print("public tests of 2.1 passed")


public_tests_head()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("bert_finetuning", "s001-3.1", globals(), checks=[
    "one_linear_layer_beside_the_backbone",
    "logits_come_from_the_pooled_output",
    "logits_are_raw_and_linear_in_the_head",
    "the_loss_is_the_mean_cross_entropy",
    "without_labels_there_are_only_logits",
    "hidden_padding_is_ignored_and_words_are_not",
    "the_loss_reaches_every_embedding_in_use",
    "the_stored_backbone_is_found_by_name",
])
### END HIDDEN TESTS

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


# %% nbgrader={"grade": false, "grade_id": "s004-1_08", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pool(H, mask, kind):
    """One vector per sentence: that of its first ("cls") or last ("last") real token.

    H: (b, n, d); mask: (b, n), 1 for real tokens, which stand together, 0 for padding: on the right, on the left, or
    on both sides, and not alike in all rows. Returns (b, d), of the dtype of H.
    """
    ### BEGIN SOLUTION
    places = torch.arange(mask.shape[1], device=mask.device)
    if kind == "cls":
        at = places.masked_fill(mask == 0, mask.shape[1]).amin(dim=1)
    else:
        at = places.masked_fill(mask == 0, -1).amax(dim=1)
    return H[torch.arange(len(H), device=H.device), at]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s004-1_08", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
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
    print("public tests of 2.2 passed")


public_tests_pool()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("bert_finetuning", "s004-1.08", globals(), checks=[
    "first_real_token_under_any_padding",
    "last_real_token_under_any_padding",
    "padding_never_shows_in_the_pooled_vector",
    "gradient_flows_to_the_chosen_position_only",
    "sentences_of_one_token_and_batches_of_one",
])
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s004-1.08, read by a person). You have a left-to-right language model and want to
# classify sentences with it. Where do you put the new layer, what becomes of the old output layer, and why
# not on position 0? Two or three sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof-s004-1_08", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# A linear layer with one output per class replaces the layer that predicts words; it gives raw logits, since
# cross-entropy contains the softmax. It reads the last layer's vector of the last token that is not padding.
# With a causal mask a position sees only what stands before it: the last real token is the only one that has
# seen the whole sentence, and position 0 has seen no more than itself.
# ### END SOLUTION

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


# %% nbgrader={"grade": false, "grade_id": "s001-3_Q2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def collate(pairs, pad_id):
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


def predict(model, sentences, pad_id, batch=64):
    """The model's answers, (len(sentences),) int64, in order. It may come in train mode; answers must not be noisy.

    sentences: lists of ids; at most `batch` of them go through the model at a time.
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


def fine_tune(model, train, validation, pad_id, *, epochs, batch, rate, seed):
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


# %% nbgrader={"grade": true, "grade_id": "test-s001-3_Q2", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
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
    print("public tests of 3.1 passed")


public_tests_loop()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("bert_finetuning", "s001-3.Q2", globals(), checks=[
    "batches_are_padded_to_their_own_longest_row",
    "masks_and_labels_say_what_is_real",
    "predictions_are_the_best_class_in_order",
    "predictions_do_not_depend_on_dropout_or_batching",
    "training_equals_plain_adamw",
    "each_epoch_sees_each_pair_once_in_a_new_order",
    "training_and_watching_use_their_own_modes",
    "validation_items_leave_no_trace_in_the_weights",
    "history_holds_loss_per_item_and_validation_accuracy",
])
### END HIDDEN TESTS

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


# %% nbgrader={"grade": false, "grade_id": "runs", "locked": true, "schema_version": 3, "solution": false, "task": false}
SEEDS = profiles.by_profile(full=(0, 1, 2), fast=(0, 1))
EPOCHS = profiles.by_profile(full=20, fast=3)
BATCH, RATE, HEAD_RATE = 32, 5e-4, 2e-2
NAMES = bert_models.names()


def pairs_of(items, tokenizer):
    """Items of the task as pairs (ids, label)."""
    sentences = bert_models.tokenise([one.text for one in items], tokenizer)
    return [(ids, one.label) for ids, one in zip(sentences, items, strict=True)]


def run(label, start, build, tokenizer, items, seed, rate=RATE):
    """A model fine-tuned on the items: trained once, then loaded. Has the attributes .model, .history and .parts.

    start: name of the model that it begins as; build(): returns the model as it is before training.
    """

    def training(model):
        train, validation = (pairs_of(part, tokenizer) for part in (arithmetic.resampled(items), SPLIT.validation))
        torch.manual_seed(seed)  # for dropout
        recipe = {"epochs": EPOCHS, "batch": BATCH, "rate": rate, "seed": seed}
        history = fine_tune(model, train, validation, tokenizer.pad_token_id, **recipe)
        told = [[float(loss), float(accuracy)] for loss, accuracy in history]
        return {"history": told, "parts": arithmetic.parts(items), **recipe}

    return bert_models.kept(label, start, build, training)


# %% [markdown]
# **Your task** (s001-3.Q2, the models). Write `tuned_on(size, seed)`: start from `NAMES["math"]` with three
# labels, its own tokenizer, and train with `run` on the right items: `few` for size 160, `train` for size
# 640. Give each size and seed a label of its own. The new head is drawn at random, so `pre_trained` takes the
# seed too: runs with different seeds must be different runs, else their spread means nothing.


# %% nbgrader={"grade": false, "grade_id": "s001-3_Q2-models", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tuned_on(size, seed):
    """What `run` returns: NAMES["math"], fine-tuned on 160 or 640 items with this seed."""
    ### BEGIN SOLUTION
    start = NAMES["math"]
    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    tokenizer = bert_models.tokenizer(start)
    return run(f"math-{size}-{seed}", start, lambda: pre_trained(start, 3, seed), tokenizer, items, seed)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "train-tuned", "locked": true, "schema_version": 3, "solution": false, "task": false}
tuned = {size: [tuned_on(size, seed) for seed in SEEDS] for size in (160, 640)}

# %% nbgrader={"grade": true, "grade_id": "test-s001-3_Q2-models", "locked": true, "points": 13, "schema_version": 3, "solution": false, "task": false}
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
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("bert_finetuning", "s001-3.Q2-models", globals(), checks=[
    "models_know_more_than_the_majority_class",
    "hidden_items_after_160_examples",
    "validation_items_after_640_examples",
    "models_grew_from_the_pre_trained_weights",
    "models_expect_their_own_tokenizer",
    "kept_back_items_are_harder_than_trained_ones",
    "each_seed_is_a_run_of_its_own",
    "the_history_belongs_to_the_model",
])
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "looking", "locked": true, "schema_version": 3, "solution": false, "task": false}
def answers_of(model, name=None, items=SPLIT.validation):
    """The model's answers to the items, read with the tokenizer of `name`."""
    by = bert_models.tokenizer(name or NAMES["math"])
    return predict(model, bert_models.tokenise([one.text for one in items], by), by.pad_token_id)


def reports_of(runs, name=None):
    """One report on the validation items per run."""
    return [on_validation(answers_of(one.model, name)) for one in runs]


# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-tuned", "locked": true, "schema_version": 3, "solution": false, "task": false}
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

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-confusion", "locked": true, "schema_version": 3, "solution": false, "task": false}
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


# %% nbgrader={"grade": false, "grade_id": "s001-3_2a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    ### BEGIN SOLUTION
    model.requires_grad_(False)
    model.classifier.requires_grad_(True)
    ### END SOLUTION


def throughput(step, warmup=3, steps=20, clock=time.perf_counter):
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


# %% nbgrader={"grade": true, "grade_id": "test-s001-3_2a", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
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
    assert abs(float(speed) - 2.0) < 1e-6, "the middle one of 0.5, 0.25 and 4 seconds makes 2 steps per second"
    print("public tests of 4.1 passed")


public_tests_freeze()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("bert_finetuning", "s001-3.2a", globals(), checks=[
    "only_the_head_still_requires_gradients",
    "frozen_numbers_stay_bit_for_bit_under_decay",
    "the_head_goes_on_learning",
    "freezing_does_not_change_the_answers",
    "any_backbone_and_any_number_of_classes",
    "speed_is_the_inverse_median_after_a_warm_up",
])
### END HIDDEN TESTS

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "show-speed", "locked": true, "schema_version": 3, "solution": false, "task": false}
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

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof-s001-3_2a", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
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
# moves an accuracy near 0.9 by some 0.024 (one standard deviation). And twice the error from three runs is a
# rule of thumb, no proof.
#
# First the frozen models, all 640 items. Once with the learning rate of 3.2, and once with a larger one: a
# head that learns alone can take larger steps.


# %% nbgrader={"grade": false, "grade_id": "train-frozen", "locked": true, "schema_version": 3, "solution": false, "task": false}
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

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-frozen", "locked": true, "schema_version": 3, "solution": false, "task": false}
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


# %% nbgrader={"grade": false, "grade_id": "s001-3_2b", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compare(first, second):
    """Which of two recipes is better, judged by their accuracies over seeds (lists of two or more numbers).

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

# %% nbgrader={"grade": true, "grade_id": "test-s001-3_2b", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
def public_tests_compare():
    assert compare([0.8, 0.9], [0.6, 0.7]) == "first", "the example of the text is decided"
    assert compare([0.6, 0.7], [0.8, 0.9]) == "second", "and the same the other way round"
    assert compare([0.5, 0.9], [0.6, 0.7]) == "undecided", "two runs as far apart as these say nothing"
    assert frozen_or_tuned in ("tuned", "frozen", "undecided"), "answer with one of the three words"
    assert same_rate_learned in (True, False), "answer with True or False"
    print("public tests of 4.2 passed")


public_tests_compare()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("bert_finetuning", "s001-3.2b", globals(), checks=[
    "clear_differences_are_decided",
    "differences_within_the_noise_are_not",
    "more_runs_make_a_mean_more_certain",
    "frozen_verdict_follows_from_the_models",
    "same_rate_answer_follows_from_the_models",
])
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s001-3.2b, read by a person). The web table again: "full fine-tuning 92 %, frozen 74 %: a
# frozen BERT still gets most of the way." What do you say to that? Use your own numbers, and say why a frozen
# model falls behind.

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof-s001-3_2b", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 74 % is the share of the positive items: the frozen model of the table may have learned nothing. Ours,
# frozen and trained at the same rate, answers "positive" to everything: accuracy 0.738, balanced accuracy one
# third, 46 % on the minus items. With a rate that suits a head it reaches about 0.88, against about 0.93 when
# everything is trained; negative items are what it misses. The reason: the features of the encoder were made
# for filling in masked words and stay as they are, and a linear layer can only weigh what is there; which
# number is larger *and on which side of the sign it stands* is not laid out for it in one vector.
# ### END SOLUTION

# %% [markdown]
# # Part 5: Pre-training
#
# ## 5.1 How a BERT is pre-trained
#
# **Why.** `NAMES["math"]` never saw a label. It learned from a game that needs none: hide words, guess them.
#
# **The idea.** Choose every token with probability $p$, usually 0.15, each by its own coin; marks such as
# `[CLS]` are never chosen. Of the chosen ones, each again by a draw of its own, 80 % become `[MASK]`, 10 % a
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


# %% nbgrader={"grade": false, "grade_id": "generator", "locked": true, "schema_version": 3, "solution": false, "task": false}
def generator(seed):
    """A source of randomness of its own."""
    return torch.Generator().manual_seed(seed)


# %% nbgrader={"grade": false, "grade_id": "s004-1_09", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mlm_batch(ids, p, gen, *, mask_id, vocab_size, special_ids):
    """(inputs, labels) for masked language modelling, both (b, n) int64.

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


def signal_ratio(n, p=0.15):
    """How many times as many targets a left-to-right model has as a masked one, for n tokens and on average."""
    ### BEGIN SOLUTION
    return (n - 1) / (p * n)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s004-1_09", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
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
    print("public tests of 5.1 passed")


public_tests_masking()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("bert_finetuning", "s004-1.09", globals(), checks=[
    "every_token_has_its_own_coin",
    "marks_are_never_chosen",
    "labels_only_where_chosen",
    "eighty_ten_ten",
    "all_randomness_comes_from_the_generator",
    "the_ids_of_the_caller_stay",
    "targets_of_both_kinds_are_counted",
])
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s004-1.09, read by a person). Does a masked model need more or fewer pre-training steps
# than a left-to-right model of the same size, and why? Use `signal_ratio(128)`.

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof-s004-1_09", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# More. From a sentence of 128 tokens the left-to-right model gets 127 targets, the masked one about 19: 6.6
# times fewer per step (and [MASK], which it learns to handle, never occurs later). Each target is easier,
# since both sides of the gap are visible, so the number of steps need not grow by that very factor.
# ### END SOLUTION

# %% [markdown]
# ## 5.2 Were the weights loaded?
#
# **Why.** Somebody starts from BERTweet instead of MathBERT, gets 72 % and concludes: tweets teach no
# arithmetic. But BERTweet is a **RoBERTa**. Its tensors are called `roberta.encoder...`; a class built on
# `BertModel` looks for `bert.encoder...`, finds none of them, draws random numbers, prints a table that
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


# %% nbgrader={"grade": false, "grade_id": "s001-3_3-load", "locked": false, "schema_version": 3, "solution": true, "task": false}
def load_classifier(name, num_labels):
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


def loaded_fraction(model, checkpoint):
    """The share of the backbone's parameters (counted as tensors, the head left out) that are stored in the
    checkpoint: under the same name up to the prefix, with the same shape and the same numbers.

    checkpoint: stored name -> tensor.
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


# %% nbgrader={"grade": true, "grade_id": "test-s001-3_3-load", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
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
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("bert_finetuning", "s001-3.3-load", globals(), checks=[
    "stored_numbers_of_a_bert_arrive",
    "stored_numbers_of_a_roberta_arrive",
    "the_tokenizer_belongs_to_the_model",
    "the_head_has_the_asked_number_of_classes",
    "fraction_of_an_untouched_load",
    "fraction_exposes_reinitialised_tensors",
    "fraction_counts_the_tensors_of_the_backbone",
])
### END HIDDEN TESTS

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "show-loaded", "locked": true, "schema_version": 3, "solution": false, "task": false}
def show_loaded():
    for name in ("bert-math", "bert-tweet", "roberta-tweet"):
        share = loaded_fraction(load_classifier(name, 3)[0], bert_models.weights(name))
        print(f"{name:14} with the class of its kind: {share:.2f} of the backbone loaded")
    misread = loaded_fraction(pre_trained("roberta-tweet"), bert_models.weights("roberta-tweet"))
    print(f"roberta-tweet  with a class made for BERT: {misread:.2f}")


pictures.when_ready("load_classifier and loaded_fraction", show_loaded)

# %% [markdown]
# Two of the 39 tensors are missing even from a right load. Which, and why is that no mistake?
#
# ## 5.3 What the pre-training data change
#
# Now the experiment, done fairly: one architecture, one recipe, the same items and seeds, and as a control a
# BERT that was never pre-trained. The tweets hold all number words ("just had nine tacos lol"), in places
# where any number would do. Last, the trap of 5.2: `roberta-tweet` read by the wrong class.


# %% nbgrader={"grade": false, "grade_id": "train-others", "locked": true, "schema_version": 3, "solution": false, "task": false}
def from_tweets(size, seed):
    """NAMES["tweet"], fine-tuned like your models of 3.2."""

    def build():
        torch.manual_seed(seed)
        return load_classifier(NAMES["tweet"], 3)[0]

    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    return run(f"tweet-{size}-{seed}", NAMES["tweet"], build, bert_models.tokenizer(NAMES["tweet"]), items, seed)


def from_nothing(size, seed):
    """The control: the same architecture with random weights."""

    def build():
        torch.manual_seed(seed)
        return BertForSentenceClassification(
            BertConfig.from_pretrained(bert_models.folder("bert-math"), num_labels=3)
        )

    items = {160: SPLIT.few, 640: SPLIT.train}[size]
    return run(f"random-{size}-{seed}", "", build, bert_models.tokenizer("bert-math"), items, seed)


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

READ_BY = {"tweet": NAMES["tweet"], "random": "bert-math", "misread": "roberta-tweet"}


def reports_by_start():
    """Reports on the validation items of all models that were trained in full, one per seed."""
    found = {f"math, {size}": reports_of(runs) for size, runs in tuned.items()}
    return found | {name: reports_of(runs, READ_BY[name.split(",")[0]]) for name, runs in others.items()}


# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-others", "locked": true, "schema_version": 3, "solution": false, "task": false}
def show_starts(size):
    found = {name: reports for name, reports in reports_by_start().items() if name.endswith(str(size))}
    for name, reports in found.items():
        print(f"{name:13} accuracies", [round(float(one["accuracy"]), 3) for one in reports], "-", line(reports[0]))
    return bert_pictures.recall_bars(found, on_validation([2] * 160))


pictures.when_ready("others", lambda: show_starts(160))

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-others-640", "locked": true, "schema_version": 3, "solution": false, "task": false}
pictures.when_ready("others", lambda: show_starts(640))

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-others-confusion", "locked": true, "schema_version": 3, "solution": false, "task": false}
pictures.when_ready(
    "others",
    lambda: bert_pictures.confusion(
        {
            name: (answers_of(runs[0].model, reader), [one.label for one in SPLIT.validation])
            for name, runs, reader in (
                ("math, 160", tuned[160], NAMES["math"]),
                ("tweet, 160", others["tweet, 160"], NAMES["tweet"]),
                ("random, 160", others["random, 160"], "bert-math"),
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


# %% nbgrader={"grade": false, "grade_id": "s001-3_3", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Replace each None by your answer, and delete the `raise` below.
few_items = None
many_items = None
misread_began_as = None
### BEGIN SOLUTION
few_items = "math"
many_items = "undecided"
misread_began_as = "nothing"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-s001-3_3", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def public_tests_claims():
    assert few_items in ("math", "tweet", "undecided"), "few_items is one of the three words"
    assert many_items in ("math", "random", "undecided"), "many_items is one of the three words"
    assert misread_began_as in ("tweets", "numbers", "nothing"), "misread_began_as is one of the three words"
    print("public tests of 5.3 passed")


public_tests_claims()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("bert_finetuning", "s001-3.3", globals(), checks=[
    "verdict_after_few_items_follows_from_the_models",
    "verdict_after_many_items_follows_from_the_models",
    "what_the_misread_model_began_as",
])
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s001-3.3, read by a person). "BERTweet 72 %, nowhere near MathBERT, even when that one is
# frozen (74 %)." Judge this sentence: what is wrong with comparing 72 and 74, what may have gone wrong before
# training, and what can be said about pre-training data from *your* runs?

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof-s001-3_3", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
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
# **A trap.** Comparing two tensors of different shapes may raise an error or, worse, be broadcast.
#
# **Your task** (s004-1.14).


# %% nbgrader={"grade": false, "grade_id": "s004-1_14", "locked": false, "schema_version": 3, "solution": true, "task": false}
def diff(sd_a, sd_b):
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


# %% nbgrader={"grade": true, "grade_id": "test-s004-1_14", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def public_tests_diff():
    before = {"a": torch.ones(2), "b": torch.zeros(3), "d": torch.zeros(1)}
    after = {"b": torch.tensor([0.0, 0.0, 1e-6]), "c": torch.ones(2), "d": torch.zeros(1)}
    got = {kind: sorted(names) for kind, names in diff(before, after).items()}
    assert set(got) == {"changed", "added", "removed", "unchanged"}, "a dict with exactly these four keys"
    assert got["added"] == ["c"], "only `after` has c"
    assert "b" in got["changed"], "a small change is a change"
    assert sum(map(len, got.values())) == 4, "each of the four names belongs to one kind"
    print("public tests of 5.4 passed")


public_tests_diff()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("bert_finetuning", "s004-1.14", globals(), checks=[
    "new_and_lost_names_are_told_apart",
    "changed_means_other_numbers",
    "shape_and_dtype_count_as_changes",
    "identical_states_have_no_difference",
    "a_frozen_run_changed_its_head_only",
])
### END HIDDEN TESTS

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "show-diff", "locked": true, "schema_version": 3, "solution": false, "task": false}
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

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof-s004-1_14", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
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
# what stood there. That is the **pseudo-log-likelihood** of a sentence (Salazar et al., 2020). It is no
# log-probability, yet it ranks sentences. As a *start*: give the weights of BERT to a left-to-right model
# that has tensors of the same names and shapes. Its causal mask stays; all that was learned about words comes
# along.
#
# **A small example.** For `[CLS] w1 w2 [SEP]` two passes are needed, or one batch of two rows: `[CLS] MASK w2
# [SEP]` gives $\log p(w_1)$, `[CLS] w1 MASK [SEP]` gives $\log p(w_2)$.
#
# **Traps.** A word that is not hidden is copied, with a probability near 1. And two models that share memory
# are one model: whoever trains the second ruins the first.
#
# **Your task** (s004-1.11).


# %% nbgrader={"grade": false, "grade_id": "language-models", "locked": true, "schema_version": 3, "solution": false, "task": false}
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


# %% nbgrader={"grade": false, "grade_id": "s004-1_11", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pll(model, ids, *, mask_id, special_ids):
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


def init_from(bert, lm):
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


# %% nbgrader={"grade": true, "grade_id": "test-s004-1_11", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
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
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("bert_finetuning", "s004-1.11", globals(), checks=[
    "each_word_is_hidden_when_it_is_scored",
    "marks_are_not_scored",
    "scoring_leaves_the_sentence_alone",
    "fitting_tensors_are_copied",
    "what_does_not_fit_is_listed",
    "the_copy_is_a_copy",
])
### END HIDDEN TESTS

# %% [markdown]
# What does `bert-math` think? It was never told whether these sentences are true.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "show-pll", "locked": true, "schema_version": 3, "solution": false, "task": false}
def show_pll():
    judge, by = BertForMaskedLM.from_pretrained(bert_models.folder("bert-math")).eval(), bert_models.tokenizer("bert-math")
    for one in ("three is less than nine", "nine is less than three", "nine three than is less"):
        ids = torch.tensor(by(one)["input_ids"])
        print(f"{one:26}{pll(judge, ids, mask_id=by.mask_token_id, special_ids=by.all_special_ids):8.2f}")


pictures.when_ready("pll", show_pll)

# %% [markdown]
# **Write it down** (s004-1.11, read by a person). Name two ways in which BERT can help to train or use a
# left-to-right language model, and say why it cannot simply take that model's place.

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof-s004-1_11", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Its weights (or its embeddings alone) can initialise the model, or its encoder half; it can score candidates
# by pseudo-log-likelihood, or teach by distillation and supply features. It cannot take its place because its
# predictions use both sides: there is no consistent factorisation into next-word probabilities, so it neither
# assigns a sentence a probability nor generates one from left to right.
# ### END SOLUTION

# %% [markdown]
# ## What to take home
#
# Ask of every accuracy: compared with what, over how many seeds, with which weights loaded, on items that
# nobody trained on? Your own numbers above answer all four.
