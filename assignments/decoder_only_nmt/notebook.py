# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # One stack for both: a decoder-only translator
#
# The translators of the last assignment have two halves: an encoder that reads and a decoder that writes. The
# large language models of today have one. They are handed a single long text, the *prompt*, and go on writing;
# a translation is then nothing but the continuation of a text that begins with the source. How much do you
# lose when you throw the encoder away? How much do you save? You will build such a model, find out what it
# cannot see, mend that with one mask, and then run a comparison that deserves the name.
#
# **What you will be able to do**
#
# - turn a pair (source, translation) into one sequence with a shift, and count only what should be counted;
# - write the forward pass of a decoder-only Transformer, and test it without training it;
# - say which part of a prompt a causal model reads with blinkers on, and take them off;
# - compare two kinds of model fairly: same words, same updates, same size, several seeds.
#
# | part | what you do | time |
# |---|---|---|
# | 1. One long sequence | inputs and targets | about 15 minutes |
# | 2. The model | the forward pass | about 25 minutes |
# | 3. Two halves, two rules | the prefix mask | about 20 minutes |
# | 4. What counts | the loss over the translation | about 20 minutes |
# | 5. Writing | greedy decoding, and measuring a translator | about 30 minutes |
# | 6. A fair comparison | nine short training runs, a table, and what follows from it | about 45 minutes |
# | 7. What it costs | counting attention scores; pros and cons | about 20 minutes |
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*.
# After you hand in, *hidden checks* call your functions with other sizes and other numbers; they look at the
# notebook after **all** cells have run from top to bottom. Points are counted per property: one slip costs the
# property that it breaks. No function may change its arguments: who called it still needs them. Answers in text are
# read by a person.
#
# **Trained models.** Part 6 trains nine small models, about 20 seconds each on one core. They are written to
# the folder `checkpoints/` beside this notebook, and loaded from there the next time. **Hand in that folder
# together with the notebook**: the grader does not train, it takes your models and measures them again, on your
# words and on words that you have never seen. With the environment variable `SEQ2GRADE_PROFILE=fast` set
# before you start Jupyter, everything trains on little data for a few epochs (into `checkpoints-fast/`), so the
# whole notebook runs in under a minute. That shows that your code works, and nothing else.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
from torch import nn

from seq2kit import checkpoints, mask_pictures, pictures
from seq2kit.piglatin import load_pairs
from seq2kit.profiles import by_profile
from seq2kit.seq2seq import EncoderDecoder, LibraryAttention, LibraryCausalAttention, count_parameters
from seq2kit.training import Recipe, evaluate, fit
from seq2kit.translate import Vocabulary, batches, exact_match, token_loss, translate, translate_by, translation_loss

vocabulary = Vocabulary()
words = load_pairs("small")
print(f"{len(words.train)} words to learn from, {len(words.validation)} kept back. The first three:", *words.train[:3])

# %% [markdown]
# The task is Pig Latin again: consonants at the front move to the end, then comes "ay" (`string` becomes
# `ingstray`); a word that begins with a vowel gets "way" (`apple` becomes `appleway`). Tokens are letters, the
# hyphen, and three signs:
#
# | sign | name in Python | meaning |
# |---|---|---|
# | SOS | `vocabulary.sos` | start of the sequence |
# | EOP | `vocabulary.eop` | end of the prompt: the source ends here, now translate |
# | EOS | `vocabulary.eos` | end of the translation |
#
# Throughout, $b$ is the number of words in a batch, $S$ the length of the source **with** its EOP, $T$ the
# length of the translation **with** its EOS, $V$ the number of tokens. In a batch all sources have the same
# length, so $S$ is one number and the source needs no padding.
#
# # Part 1: One long sequence
#
# **Why.** A decoder-only model does one thing: it reads tokens and says which comes next, at every position at
# once. To make it translate, put source and translation behind one another. Then "what comes after EOP?" *is*
# the question "how does the translation begin?".
#
# **The idea.** The target at a position is the token *after* the one that is read there. So input and target
# are the same sequence, one step apart, and the input begins with SOS to make up for the step:

# %% nbgrader={"grade": false, "grade_id": "picture-sequence", "locked": true, "schema_version": 3, "solution": false, "task": false}
mask_pictures.long_sequence([*"pig", "EOP"], [*"igpay", "EOS"])

# %% [markdown]
# **Two traps.** Feed the model the token that it should predict, and it will copy: the loss falls to zero, and
# the model is worthless. And SOS is a token like the others: an *integer*, one in *each* row. (Padding stays as it
# is in both. Leaving it out of the loss is the business of part 4.)
#
# **Your task** (s001-2.2.1). Build inputs and targets. `cuda=True` means that both results should lie on the
# GPU; with `cuda=False` they stay where the arguments are. (On a machine without GPU, `cuda=True` is an error,
# and nobody will call it.)


# %% nbgrader={"grade": false, "grade_id": "s001-2_2_1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    """One sequence per word: what the model reads, and what it should say at each position.

    src_EOP: (b, S) int64, letters and EOP; tgt_EOS: (b, T) int64, letters, EOS (and more EOS as padding);
    start_token: int; cuda: bool, whether the results go to the GPU.
    Returns (inputs, targets), both (b, S + T) int64.
    """
    ### BEGIN SOLUTION
    start = torch.full_like(src_EOP[:, :1], start_token)
    targets = torch.cat((src_EOP, tgt_EOS), dim=1)
    inputs = torch.cat((start, targets[:, :-1]), dim=1)
    return (inputs.cuda(), targets.cuda()) if cuda else (inputs, targets)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s001-2_2_1", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
def public_tests_sequence():
    source, target = torch.tensor([[7, 8, 29], [3, 4, 29]]), torch.tensor([[8, 7, 0, 28], [4, 3, 0, 28]])
    got = generate_tensors_for_training_decoder_nmt(source.clone(), target.clone(), 27, False)
    inputs, targets = (torch.as_tensor(part) for part in got)
    assert tuple(inputs.shape) == tuple(targets.shape) == (2, 7), (
        f"source and translation together have 3 + 4 tokens; got {tuple(inputs.shape)} and {tuple(targets.shape)}"
    )
    assert inputs.dtype == targets.dtype == torch.int64, "tokens are integers: an embedding cannot look up a float"
    assert (inputs[:, 0] == 27).all(), "every row begins with the start token"
    assert inputs[0].tolist() != targets[0].tolist(), "the model must not read the token that it should predict"
    assert targets[1, -1] == 28, "the last thing to say is EOS"
    print("public tests of part 1 passed")


public_tests_sequence()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "decoder_only_nmt",
    "s001-2.2.1",
    globals(),
    checks=[
        "inputs_begin_with_the_start_token",
        "targets_are_source_then_translation",
        "inputs_lag_one_step_behind",
        "sequences_hold_integers",
        "shortest_words_make_sequences",
        "arguments_of_the_sequences_stay_unharmed",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# # Part 2: The model
#
# Here are the parts: embeddings for tokens and for positions, and for each layer one attention and one small
# network (an MLP). The attention is torch's own, with one head, so you need nothing from earlier assignments.
# Its last argument says who may look at whom: `allowed[i, j]` is True where position `i` (the *query*) may look
# at position `j` (the *key*).


# %% nbgrader={"grade": false, "grade_id": "parts", "locked": true, "schema_version": 3, "solution": false, "task": false}
class SelfAttention(nn.Module):
    """One head of attention, from torch."""

    def __init__(self, hidden_size):
        super().__init__()
        self.head = nn.MultiheadAttention(hidden_size, num_heads=1, batch_first=True)

    def forward(self, queries, keys, values, allowed):
        """queries, keys, values (b, n, h), allowed (n, n) bool -> (context (b, n, h), weights (b, n, n)).

        weights[:, i, j] says how much query i looks at key j; each row sums to 1.
        """
        return self.head(queries, keys, values, attn_mask=~allowed.to(queries.device))


def causal_mask(n):
    """(n, n) bool: nobody looks ahead. Made from torch's own mask, which holds 0 where looking is allowed."""
    return nn.Transformer.generate_square_subsequent_mask(n) == 0


class DecoderOnlyParts(nn.Module):
    """The layers of a decoder-only Transformer with `num_layers` layers of width h = `hidden_size`."""

    def __init__(self, vocab_size, hidden_size, num_layers, max_len):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, hidden_size)
        self.positions = nn.Parameter(torch.randn(max_len, hidden_size) * hidden_size**-0.5)
        self.attentions = nn.ModuleList(SelfAttention(hidden_size) for _ in range(num_layers))
        self.mlps = nn.ModuleList(
            nn.Sequential(nn.Linear(hidden_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, hidden_size))
            for _ in range(num_layers)
        )
        self.output = nn.Linear(hidden_size, vocab_size)


# %% [markdown]
# **Why.** It is a dozen lines, and they are the lines inside every large language model (which adds
# normalisation, more heads, and a few million dollars). Most of the ways to get them wrong still train, still
# give the right shapes, and merely give a worse model. So the checks below look at *properties*.
#
# **The idea.** The states $x$ (one vector of $h$ numbers per position) begin as the embedding of the token plus
# the code of its position: row 0 of `positions` for the first token, row 1 for the second. Then each layer *adds* to
# the states, twice:
#
# $$x \leftarrow x + \mathrm{attention}(x, x, x), \qquad x \leftarrow x + \mathrm{mlp}(x)$$
#
# and after the last layer `output` turns each state into $V$ logits.
#
# **By hand.** Think of a model whose attention and MLP always answer 0. Then $x$ passes through all layers
# untouched, and the logits are `output(embedding + position)`. If every attention always answers one vector $c$ and
# every MLP one vector $d$, what are the states after three layers? If yours are others, a "+" is missing or in the
# wrong place.
#
# **Traps.** In the second step, $x$ is what the first step has made of it. Each layer has *its own* attention. Write
# `x = x + ...`, for `x += ...` overwrites numbers that the gradient still needs. The mask holds in training and
# afterwards. And logits are any real numbers: softmax belongs to the loss.
#
# **Your task** (s001-2.2.2). The forward pass. `allowed=None` means causal: position $i$ looks at positions
# $0, \dots, i$. Return the attention weights of **all** layers, stacked. Use the given parts and add none that holds
# weights: the checks put numbers of their own into them.


# %% nbgrader={"grade": false, "grade_id": "s001-2_2_2", "locked": false, "schema_version": 3, "solution": true, "task": false}
class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        """inputs (b, n) int64, allowed (n, n) bool or None for causal -> (logits (b, n, V), attention (L, b, n, n)).

        attention[l] holds the weights of layer l, as its attention gave them.
        """
        ### BEGIN SOLUTION
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s001-2_2_2", "locked": true, "points": 17, "schema_version": 3, "solution": false, "task": false}
def public_tests_forward():
    torch.manual_seed(3)
    model = DecoderOnlyTransformer(vocab_size=11, hidden_size=6, num_layers=3, max_len=9)
    tokens = torch.randint(0, 11, (2, 7))
    model(tokens)[0].square().sum().backward()
    asleep = [name for name, part in model.named_parameters() if part.grad is None]
    assert not asleep, f"training could not change {', '.join(asleep)}: no gradient comes back to it"
    with torch.no_grad():
        logits, attention = model(tokens)
        attention = torch.stack(tuple(attention))
        changed = tokens.clone()
        changed[:, 4] = (changed[:, 4] + 1) % 11
        later, _ = model(changed)
        for layer in range(3):  # attention and MLP that always answer 0
            nn.init.zeros_(model.attentions[layer].head.out_proj.weight)
            nn.init.zeros_(model.attentions[layer].head.out_proj.bias)
            nn.init.zeros_(model.mlps[layer][2].weight)
            nn.init.zeros_(model.mlps[layer][2].bias)
        silent = model(tokens[:1, :1])[0][0, 0]
        expected = model.output(model.embedding.weight[tokens[0, 0]] + model.positions[0])
    assert tuple(logits.shape) == (2, 7, 11), f"V logits at each position: (2, 7, 11), not {tuple(logits.shape)}"
    assert tuple(attention.shape) == (3, 2, 7, 7), (
        f"the weights of all layers, stacked: (3, 2, 7, 7), not {tuple(attention.shape)}"
    )
    assert torch.allclose(logits[:, :4], later[:, :4], atol=1e-5), (
        "another token at position 4 changed what the model says at positions before it"
    )
    assert not torch.allclose(logits[:, 4:], later[:, 4:], atol=1e-5), "the tokens do not reach the logits"
    assert torch.allclose(silent, expected, atol=1e-5), (
        "with attention and MLP silent, states should reach `output` as they were: embedding plus position 0"
    )
    print("public tests of part 2 passed")


public_tests_forward()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "decoder_only_nmt",
    "s001-2.2.2",
    globals(),
    checks=[
        "forward_agrees_with_the_formulas",
        "gradients_are_those_of_the_logits",
        "states_pass_through_constant_layers",
        "position_codes_count_from_zero",
        "mlp_reads_what_attention_has_written",
        "each_layer_has_its_own_say",
        "later_tokens_leave_earlier_logits_alone",
        "a_given_mask_rules_every_layer",
        "attention_of_each_layer_comes_back",
        "words_of_a_batch_do_not_meet",
        "logits_are_not_squeezed",
        "shortest_and_longest_sequences_work",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# # Part 3: Two halves, two rules
#
# **Why.** "Nobody looks ahead" is there to stop the model from reading the answer. But in a translation the
# source is not the answer. It is all there before the first letter is written, and yet the causal mask makes
# its first letter blind to its second. An encoder has no such blinkers. Nor need a decoder-only model:
#
# **The idea.** Give the two halves two rules. The first $n$ tokens (the *prefix*) all see one another, ahead
# and back. The $m$ tokens after them see the whole prefix, themselves, and what came before them. The prefix
# never sees what comes after it. This is known as a *prefix language model*.
#
# **By hand.** $n = 2$, $m = 1$: the first row is `True, True, False`. What are the other two?
#
# **A trap.** Rows are queries (who looks), columns are keys (who is looked at). A mask with the two swapped has the
# right shape and lets the source read its own translation.
#
# **Your task** (s004-1.13). The mask. It should work for $n = 0$ and for $m = 0$ as well; what do you get then?


# %% nbgrader={"grade": false, "grade_id": "s004-1_13", "locked": false, "schema_version": 3, "solution": true, "task": false}
def prefix_mask(n, m):
    """(n + m, n + m) bool, True where row i may look at column j: a prefix of n tokens, then m tokens.

    n, m: ints >= 0.
    """
    ### BEGIN SOLUTION
    place = torch.arange(n + m)
    return (place[None, :] <= place[:, None]) | (place[None, :] < n) & (place[:, None] < n)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s004-1_13", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
def public_tests_mask():
    mask = torch.as_tensor(prefix_mask(2, 3))
    assert tuple(mask.shape) == (5, 5), f"one row and one column per token: (5, 5), not {tuple(mask.shape)}"
    assert mask.dtype == torch.bool, "the attention above wants True and False, not numbers"
    assert mask.diagonal().all(), "every token sees itself"
    assert mask[0, 1], "the first token of the prefix should see the second"
    assert not mask[2, 3], "a token after the prefix must not look ahead"
    print("public tests of part 3 passed")


public_tests_mask()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "decoder_only_nmt",
    "s004-1.13",
    globals(),
    checks=[
        "prefix_mask_is_a_square_of_booleans",
        "the_prefix_sees_all_of_itself",
        "the_prefix_never_sees_the_rest",
        "the_rest_sees_the_whole_prefix",
        "the_rest_does_not_look_ahead",
        "empty_halves_make_sense",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# The two masks over `pig` and its translation, rows looking at columns. Green cells look ahead. Framed: the first letter
# of the source. (▸ is SOS, ¦ is EOP; EOS is never read.)

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-masks", "locked": true, "schema_version": 3, "solution": false, "task": false}
pig = ["SOS", *"pig", "EOP", *"igpay"]
pictures.when_ready(
    "prefix_mask",
    lambda: mask_pictures.masks_side_by_side({"causal": causal_mask(10), "prefix": prefix_mask(5, 5)}, pig, query=1),
)

# %% [markdown]
# What the `p` of `pig` may look at, under either mask. To know that it has to move to the end, it must know that
# the next letter is a vowel.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-view", "locked": true, "schema_version": 3, "solution": false, "task": false}
pictures.when_ready(
    "prefix_mask",
    lambda: mask_pictures.what_it_sees(pig, {"causal": causal_mask(10), "prefix": prefix_mask(5, 5)}, query=1),
)

# %% [markdown]
# **Write it down** (s004-1.13, read by a person; three to five sentences). A task hands you the whole source before
# the first output token is due. What does a *causal* decoder-only model give up on such a task, and what does it
# not give up? (Some say that it "cannot make use of the encoded input". Is that so?) Name one remedy and one thing
# that the remedy costs.

# %% [markdown] nbgrader={"grade": true, "grade_id": "limits-s004-1_13", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# The causal mask also holds inside the source. The state of a source token is built from the tokens before it, so it
# cannot depend on what follows, though all of it is there; only the last one, EOP, has seen everything. What it does
# *not* lose is access to the source: every token of the translation attends to all source states in every layer, so
# "cannot make use of the input" is wrong. They are states that were made looking one way. It also has to share one
# set of weights, and one window of positions, between reading and writing.
#
# A remedy is the prefix mask (or a bidirectional encoder). It costs the loss on the source: a state that has
# seen the next source token must not be asked to predict it. It also ties the mask to where the prompt ends, so a
# conversation in which the prompt grows has its earlier states computed anew.
# ### END SOLUTION

# %% [markdown]
# # Part 4: What counts
#
# **Why.** The model says something at *every* position, also inside the source, where the "next token" is just the
# next letter of some English word. Guessing those is hard, and not our task. With the prefix mask it is worse
# than useless: there a source position has already *seen* the letter that it would be asked for.
#
# **The idea.** Only the translation counts, from its first letter up to and including EOS. The first letter of
# the translation is predicted at the position where EOP is *read*. And a loss that is to be compared between
# models has to be counted per token: add up over tokens, count tokens, divide once, at the very end.
#
# **By hand.** One batch has 10 tokens at 1 nat each, another has 2 tokens at 4 nats each. Per token that is
# $18 / 12 = 1.5$ nats. The mean of the two means is $2.5$. Which one would change if you cut the same words
# into other batches?
#
# **Traps.** EOS counts: a model that never stops is no translator. Padding after EOS does not. And a model may be so sure
# that the probability of another token is 0 to the computer, whose logarithm is infinite: take softmax and logarithm in
# one step, as torch's `cross_entropy` and `log_softmax` do.
#
# To try things out before anything is trained, here is a model that has nothing to learn. It is called as yours
# is, and obeys the mask as yours should:


# %% nbgrader={"grade": false, "grade_id": "toy", "locked": true, "schema_version": 3, "solution": false, "task": false}
class ToyTranslator(nn.Module):
    """A model without learning. Each position adds up what it may look at, near ones louder; then once more, over what
    the positions have added up so far, so that it matters who was allowed to look at what. `table` (V, V) does the rest."""

    def __init__(self, table):
        super().__init__()
        self.register_buffer("table", torch.as_tensor(table))

    def forward(self, inputs, allowed=None):
        """inputs (b, n), allowed (n, n) bool or None for causal -> (logits (b, n, V), attention (2, b, n, n))."""
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        place = torch.arange(n)
        weights = 0.6 ** (place[:, None] - place[None, :]).abs().to(self.table.dtype) * allowed
        return weights @ (weights @ self.table[inputs]), weights.expand(2, len(inputs), n, n)


# %% [markdown]
# **Your task** (s001-2.2.3a, the loss). Two functions. `target_span_loss` is given what the model said and what it should
# have said, for whole sequences, and returns the **sum** over the tokens that count and **how many** there are.
# (`token_loss`, imported above, adds up the cross-entropies of chosen tokens, `help(token_loss)` says how; you need not use it.)
# `decoder_loss` puts your pieces together: build the sequences, run the model under the right mask, count.
# The prefix is all that is known before writing begins: SOS, the source, and EOP.


# %% nbgrader={"grade": false, "grade_id": "s001-2_2_3a-loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def target_span_loss(logits, targets, n_source, real):
    """Cross-entropy over the translations alone, in nats: (sum over the tokens that count, their number).

    logits: (b, S + T, V); targets: (b, S + T) int64; n_source: S, the length of the source with EOP;
    real: (b, T) bool, True for letters of the translation and its EOS, False for padding.
    """
    ### BEGIN SOLUTION
    return token_loss(logits[:, n_source:], targets[:, n_source:], real)
    ### END SOLUTION


def decoder_loss(model, source, target, real, prefix=False):
    """(sum, number of tokens) of a decoder-only `model` on a batch, with teacher forcing.

    model(inputs, allowed) returns (logits, attention); source: (b, S) with EOP; target, real: (b, T).
    prefix: let SOS, source and EOP see one another; otherwise the causal mask.
    """
    ### BEGIN SOLUTION
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = prefix_mask(n_source + 1, n - n_source - 1) if prefix else causal_mask(n)
    logits, _ = model(inputs, allowed)
    return target_span_loss(logits, targets, n_source, real)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s001-2_2_3a-loss", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
def public_tests_loss():
    random = torch.Generator().manual_seed(5)
    logits = torch.randn(2, 7, 30, generator=random)
    targets = torch.tensor([[7, 8, 29, 8, 7, 0, 28], [3, 4, 29, 4, 3, 28, 28]])
    real = torch.tensor([[True, True, True, True], [True, True, True, False]])
    total, number = target_span_loss(logits.clone(), targets.clone(), 3, real.clone())
    assert int(number) == 7, "4 + 3 tokens count: the letters of the translations and one EOS each"
    kept = targets.clone()
    target_span_loss(logits, targets, 3, real)
    assert torch.equal(targets, kept), "target_span_loss changed the targets that it was given: work on a copy"
    louder = logits.clone()
    louder[:, :3] *= 5
    assert torch.allclose(target_span_loss(louder, targets, 3, real)[0], total), (
        "what the model says inside the source must not count"
    )
    even = target_span_loss(torch.zeros(2, 7, 30), targets, 3, real)[0]
    assert abs(float(even) - 7 * 3.4012) < 1e-2, "a model that knows nothing pays log 30 nats for each of the 7 tokens"
    toy = ToyTranslator(torch.randn(30, 30, generator=random))
    source, target = targets[:, :3], targets[:, 3:]
    with torch.no_grad():
        causal, prefix = (float(decoder_loss(toy, source, target, real, prefix=way)[0]) for way in (False, True))
    assert abs(causal - prefix) > 1e-3, "prefix=True should let the model look at the whole source"
    print("public tests of part 4 passed")


public_tests_loss()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "decoder_only_nmt",
    "s001-2.2.3a-loss",
    globals(),
    checks=[
        "the_source_costs_nothing",
        "the_whole_translation_counts",
        "padding_costs_nothing",
        "loss_is_a_sum_with_its_count",
        "gradient_reaches_what_counts",
        "causal_training_loss_fits_together",
        "prefix_training_loss_fits_together",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# # Part 5: Writing
#
# **Why.** The loss is measured with *teacher forcing*: at each position the model is shown the true letters before it.
# A user has no true letters. A translator has to read what it has written itself, and one slip can derail the rest.
# So a loss says how surprised the model is; whether it *translates* is another question, answered by letting it write.
#
# **The idea.** Greedy decoding: read SOS, source, EOP; take the likeliest next token; append it to what is read;
# go on. Stop when every word of the batch has said EOS, or after `max_length` tokens.
#
# **By hand.** Suppose each letter is right with probability 0.98 and a word has 10 tokens. If slips were
# independent, a word would be right in all letters with probability $0.98^{10} \approx 0.82$. "98 % of the
# letters" and "82 % of the words" can be the same model, so say which one you report, and how you got it.
#
# **Traps.** The next token is said at the *last* position of what has been read so far. Words end at different
# times; one that has finished must wait for the others, and one that goes on after its last letter is wrong. And "how
# many *letters* would have been right, given all the true ones before" is not a translation score, even though it is
# quick to compute. (Ask it of the whole word, EOS included, and you get the same `exact` as from writing: up to its
# first slip, a greedy model reads nothing but true letters. Why does this not hold for single letters? You are judged
# by the numbers, so compute `exact` as you like.)
#
# **Your task** (s001-2.2.3a, writing). `greedy_decode` for one batch, and `measure` for a list of words. You
# may use what the setup cell imported: `batches(pairs, vocabulary, size, end=...)` makes batches with
# `.source`, `.target`, `.real`; `evaluate(model, loss, batches)` divides sums by counts, once;
# `translate_by(write, model, words, vocabulary, end)` calls `write(source)` on words of one length at a time and
# returns strings; `exact_match(guesses, truths)` compares them. `help(...)` says more.

# %% nbgrader={"grade": false, "grade_id": "limits", "locked": true, "schema_version": 3, "solution": false, "task": false}
MAX_TRANSLATION = 20  # tokens that a translation may have, EOS included
MAX_LEN = 40  # positions that the models of part 6 have


# %% nbgrader={"grade": false, "grade_id": "s001-2_2_3a-write", "locked": false, "schema_version": 3, "solution": true, "task": false}
def greedy_decode(model, source, start_token, end_token, max_length, prefix=False):
    """The likeliest next token, again and again: (b, t) int64 with t <= max_length.

    model(inputs, allowed) returns (logits, attention); source: (b, S) int64 with EOP. The result holds only what was
    written: neither start token nor source. What stands in a row after its first end_token does not matter.
    prefix: let start token, source and EOP see one another; otherwise the causal mask.
    """
    ### BEGIN SOLUTION
    read = torch.cat((torch.full_like(source[:, :1], start_token), source), dim=1)
    known = read.shape[1]
    ended = torch.zeros(len(source), dtype=torch.bool, device=source.device)
    while read.shape[1] - known < max_length and not ended.all():
        n = read.shape[1]
        allowed = prefix_mask(known, n - known) if prefix else causal_mask(n)
        token = model(read, allowed)[0][:, -1].argmax(dim=-1)
        read = torch.cat((read, token[:, None]), dim=1)
        ended = ended | (token == end_token)
    return read[:, known:]
    ### END SOLUTION


def measure(model, pairs, prefix=False):
    """{"loss": nats per token of the translations, "exact": share of words that the model, greedily, writes right}.

    Right means every letter, and then EOS. pairs: list or tuple of (word, translation), of any lengths, in any order; a
    translation may take MAX_TRANSLATION tokens. Both numbers are plain floats.
    """
    ### BEGIN SOLUTION
    def write(source):
        return greedy_decode(model, source, vocabulary.sos, vocabulary.eos, MAX_TRANSLATION, prefix)

    def loss(model, batch):
        return decoder_loss(model, batch.source, batch.target, batch.real, prefix)

    cost = evaluate(model, loss, batches(pairs, vocabulary, 256, end=vocabulary.eop))
    written = translate_by(write, model, [word for word, _ in pairs], vocabulary, end=vocabulary.eop)
    return {"loss": cost, "exact": exact_match(written, [translation for _, translation in pairs])}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s001-2_2_3a-write", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
def public_tests_writing():
    alphabet = torch.zeros(30, 30)
    alphabet[torch.arange(27), torch.arange(1, 28) % 27] = 1.0  # after each letter comes the next one
    alphabet[29, 0] = 1.2  # EOP: begin with a
    alphabet[3, 28] = 30.0  # d: then EOS
    toy = ToyTranslator(alphabet)
    source = torch.tensor([[20, 21, 29], [9, 8, 29]])
    with torch.no_grad():
        short = torch.as_tensor(greedy_decode(toy, source.clone(), 27, 28, 2))
        found = torch.as_tensor(greedy_decode(toy, source.clone(), 27, 28, 20))
    assert short.dim() == 2 and len(short) == 2 and short.shape[1] <= 2, (
        "max_length counts the tokens written: two rows of at most 2"
    )
    assert found.dtype == torch.int64, "tokens are integers"
    assert found.shape[1] < 20, "both words say EOS early, so there is no need to write on"
    assert (found == 28).any(dim=1).all(), "both words should come to an end"
    got = measure(toy, [("uv", vocabulary.decode(found[0])), ("ji", "wrong")])
    assert set(got) == {"loss", "exact"}, "measure returns a dict with the keys loss and exact"
    assert abs(got["exact"] - 0.5) < 1e-9, "one of the two words is exactly what the toy writes"
    assert got["loss"] > 0, "a loss in nats per token is positive"
    print("public tests of part 5 passed")


public_tests_writing()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "decoder_only_nmt",
    "s001-2.2.3a-write",
    globals(),
    checks=[
        "greedy_takes_the_likeliest_token",
        "greedy_reads_its_own_writing",
        "greedy_obeys_the_prefix_mask",
        "each_word_ends_on_its_own",
        "writing_stops_at_the_limit",
        "measured_loss_is_per_token",
        "measured_words_are_written_by_the_model",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# # Part 6: A fair comparison
#
# **Why.** One report on this very exercise says that the decoder-only model reaches "far less" loss than *all*
# encoder-decoders, and that it alone translates correctly. That was one run of each, with models of different
# size and training of different length. Any of those differences could explain the result, and so could
# luck. You will run the comparison so that, whatever comes out, it means something:
#
# - **the same words** for training, in the same batches, and the same words kept back;
# - **the same number of updates**, with the same learning rate;
# - **the same size**: parameter counts within 10 % of one another;
# - **three seeds** of each, because two runs of *one* model differ too;
# - **two measures**: nats per token of the translation, and words written right in every letter.
#
# The three contestants: the encoder-decoder, width 32, three layers in each half, from `seq2kit`; your model
# with the causal mask; your model with the prefix mask.
#
# **First, the size.** Choose width and depth of the decoder-only model such that its parameter count comes within
# 10 % of the encoder-decoder's. (Work it out from the layers in part 2, or build some and use `count_parameters`;
# there are `len(vocabulary)` tokens and `MAX_LEN` positions.) Deep and narrow takes longer to train than shallow and
# wide. Use 3 to 6 layers; with two, our own runs did clearly worse.

# %% nbgrader={"grade": false, "grade_id": "baseline", "locked": true, "schema_version": 3, "solution": false, "task": false}
KINDS = ("encoder_decoder", "decoder_only", "prefix")
SEEDS = (0, 1, 2)


def encoder_decoder():
    """The baseline: torch's attention, positions that are learned, as in your model."""
    return EncoderDecoder(len(vocabulary), 32, 3, LibraryAttention, LibraryCausalAttention)


print(f"The encoder-decoder has {count_parameters(encoder_decoder())} parameters.")

# %% nbgrader={"grade": false, "grade_id": "decoder-size", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Replace each None by a number, and delete the `raise` below.
decoder_size = {"hidden_size": None, "num_layers": None}
### BEGIN SOLUTION
decoder_size = {"hidden_size": 46, "num_layers": 4}
### END SOLUTION

# %% [markdown]
# **Then, the runs.** Nine of them. Each model is kept as it was after the epoch with the lowest validation loss.
# Delete a file in `checkpoints/` to train that model again; delete all if you change your model or your loss.


# %% nbgrader={"grade": false, "grade_id": "training", "locked": true, "schema_version": 3, "solution": false, "task": false}
if None in decoder_size.values():
    raise ValueError("first choose decoder_size, in the cell above")
recipe = Recipe(epochs=by_profile(full=22, fast=4), rate=8e-3, warmup=by_profile(full=100, fast=10))
train_words = by_profile(full=words.train, fast=words.train[::4])


def build(kind, seed):
    """A new model of this kind; `seed` draws its first weights."""
    torch.manual_seed(seed)
    if kind == "encoder_decoder":
        return encoder_decoder()
    return DecoderOnlyTransformer(len(vocabulary), **decoder_size, max_len=MAX_LEN)


def loss_of(kind):
    """(model, batch) -> (sum over the tokens of the translations, their number)."""
    if kind == "encoder_decoder":
        return translation_loss
    prefix = kind == "prefix"
    return lambda model, batch: decoder_loss(model, batch.source, batch.target, batch.real, prefix)


def train(kind, seed, model):
    """Train `model` in place; the order of the words depends on the seed alone, so it is the same for each kind."""
    end = vocabulary.eos if kind == "encoder_decoder" else vocabulary.eop
    return fit(
        model,
        loss_of(kind),
        lambda generator: batches(train_words, vocabulary, 64, generator, end=end),
        batches(words.validation, vocabulary, 256, end=end),
        recipe,
        seed=seed,
        label=f"{kind}, seed {seed}",
    )


def trained(kind, seed):
    """The run of this kind and seed, from checkpoints/ if it is there."""
    return checkpoints.train_or_load(f"{kind}-{seed}", build(kind, seed), lambda model: train(kind, seed, model))


runs = {kind: [trained(kind, seed) for seed in SEEDS] for kind in KINDS}
models = {kind: [run.model for run in runs[kind]] for kind in KINDS}

# %% [markdown]
# **Then, the measuring**: your `measure` on all words that were kept back, and the same two numbers for the
# encoder-decoder. On your machine this is done anew each time (a few seconds). The grader reads what you
# measured, and checks it.


# %% nbgrader={"grade": false, "grade_id": "measuring", "locked": true, "schema_version": 3, "solution": false, "task": false}
def measure_encoder_decoder(model, pairs):
    """What `measure` says, for an encoder-decoder."""
    written = translate(model, [word for word, _ in pairs], vocabulary, MAX_TRANSLATION)
    cost = evaluate(model, translation_loss, batches(pairs, vocabulary, 256))
    return {"loss": cost, "exact": exact_match(written, [translation for _, translation in pairs])}


def measure_all(pairs):
    """kind -> one dict with loss and exact per seed."""
    found = {"encoder_decoder": [measure_encoder_decoder(model, pairs) for model in models["encoder_decoder"]]}
    for kind in ("decoder_only", "prefix"):
        found[kind] = [measure(model, pairs, prefix=kind == "prefix") for model in models[kind]]
    return found


if checkpoints.may_train():
    measured = measure_all(words.validation)
    checkpoints.save("measured", {}, measured)
else:
    measured = checkpoints.load("measured")[1]

# %% [markdown]
# **Your task** (s001-2.2.3a, the comparison). Fill in the table and draw conclusions from it.
#
# `results[kind]` is a dict with `parameters` (of one model), `loss` and `exact`: three numbers each, one per seed in the
# order of `SEEDS`, not rounded, of the weights that were kept. `parameter_ratio` is the decoder-only model's count divided by the encoder-decoder's.
#
# With three runs of each, when may you call one kind better? Take a strict and simple rule: **A is clearly better than B if
# the worst run of A is better than the best run of B.** Then the answer is `True`; if it is clearly worse, `False`; if the
# ranges overlap or touch, `None`: no clear difference. `clearly_better` applies the rule to any two lists of numbers. (Even
# this rule is no proof. If the two kinds were equally good, three runs against three would still separate in one way or the
# other once in ten times.)
#
# `claims` applies it to your own table. **There is no right answer that we wait for**: you are judged by
# whether your claims follow from *your* numbers.


# %% nbgrader={"grade": false, "grade_id": "s001-2_2_3a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clearly_better(a, b, lower_is_better):
    """True: every run of `a` is better than every run of `b`; False: every run is worse; None: neither.

    a, b: lists of numbers, one per run; lower_is_better: bool, True for a loss, False for a share of right words.
    """
    ### BEGIN SOLUTION
    if not lower_is_better:
        a, b = [-value for value in a], [-value for value in b]
    if max(a) < min(b):
        return True
    return False if min(a) > max(b) else None
    ### END SOLUTION


results = {}  # kind -> {"parameters": int, "loss": [three floats], "exact": [three floats]}
parameter_ratio = None  # decoder-only / encoder-decoder
claims = {  # each True, False or None
    "loss": {
        "decoder_only_beats_encoder_decoder": "?",
        "prefix_beats_encoder_decoder": "?",
        "prefix_beats_decoder_only": "?",
    },
    "exact": {
        "decoder_only_beats_encoder_decoder": "?",
        "prefix_beats_encoder_decoder": "?",
        "prefix_beats_decoder_only": "?",
    },
}
### BEGIN SOLUTION
for kind in KINDS:
    results[kind] = {
        "parameters": count_parameters(models[kind][0]),
        "loss": [found["loss"] for found in measured[kind]],
        "exact": [found["exact"] for found in measured[kind]],
    }
parameter_ratio = results["decoder_only"]["parameters"] / results["encoder_decoder"]["parameters"]
for key in ("loss", "exact"):
    for claim in claims[key]:
        one, other = claim.split("_beats_")
        claims[key][claim] = clearly_better(results[one][key], results[other][key], lower_is_better=key == "loss")
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-s001-2_2_3a", "locked": true, "points": 17, "schema_version": 3, "solution": false, "task": false}
def public_tests_comparison():
    assert clearly_better([1.0, 2.0, 3.0], [5.0, 4.0, 6.0], lower_is_better=True) is True
    assert clearly_better([1.0, 2.0, 3.0], [2.5, 4.0, 6.0], lower_is_better=True) is None
    for kind in KINDS:
        assert set(results[kind]) == {"parameters", "loss", "exact"}, f"results[{kind!r}] lacks an entry, or has one too many"
        for key in ("loss", "exact"):
            assert len(results[kind][key]) == len(SEEDS), f"results[{kind!r}][{key!r}]: one number per seed"
        assert all(0 <= share <= 1 for share in results[kind]["exact"]), "exact is a share, from 0 to 1"
    assert 0.9 <= parameter_ratio <= 1.1, "the sizes differ by more than 10 %: choose another decoder_size"
    for key in claims:
        for claim, said in claims[key].items():
            assert said in (True, False, None), f"{claim} ({key}): True, False or None"
    print("public tests of part 6 passed")


public_tests_comparison()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "decoder_only_nmt",
    "s001-2.2.3a",
    globals(),
    checks=[
        "a_clear_difference_needs_separate_ranges",
        "a_clear_difference_has_a_direction",
        "touching_ranges_are_not_clear",
        "sizes_are_matched_and_reported",
        "three_seeds_are_three_runs",
        "reported_losses_can_be_measured_again",
        "reported_words_can_be_counted_again",
        "unseen_words_surprise_little",
        "unseen_words_are_translated",
        "claims_follow_from_the_own_table",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# Your table as a picture: a dot per seed, a bar at the mean of the three.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-seeds", "locked": true, "schema_version": 3, "solution": false, "task": false}
pictures.when_ready("results", lambda: mask_pictures.over_seeds({kind: results[kind] for kind in KINDS}))

# %% [markdown]
# And a look inside. Your causal model translates a word, and these are the attention weights of its layers over the whole
# sequence: rows look at columns, and the lines part what is known from what is written. The first letter of the
# translation is said in the row of ¦. Which letter of the source does this row look at, and which ones do the rows below it? Look
# for slanted lines. Then try other words, other seeds, and `kind="prefix"`.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-attention", "locked": true, "schema_version": 3, "solution": false, "task": false}
def look_inside(word="string", kind="decoder_only", seed=0):
    source = torch.tensor([[*vocabulary.encode(word), vocabulary.eop]])
    model, prefix, known = models[kind][seed], kind == "prefix", len(word) + 2
    with torch.no_grad():
        written = greedy_decode(model, source, vocabulary.sos, vocabulary.eos, MAX_TRANSLATION, prefix)
        written = torch.as_tensor(written)[0].tolist()
        text = vocabulary.decode(written)
        read = torch.tensor([[vocabulary.sos, *source[0].tolist(), *written[: len(text)]]])
        n = read.shape[1]
        allowed = prefix_mask(known, n - known) if prefix else causal_mask(n)
        weights = torch.stack(tuple(model(read, allowed)[1]))[:, 0]
    print(f"{word} -> {text}")
    return mask_pictures.attention_maps(weights, ["SOS", *word, "EOP", *text], known)


pictures.when_ready("the comparison", look_inside)

# %% [markdown]
# **Write it down** (s001-2.2.3a, read by a person; six to ten sentences). What did you find, in numbers, with the spread over
# seeds? Does the report's claim (decoder-only far better than all encoder-decoders) hold in your runs? What did the prefix
# mask do? Loss and exact match: do they tell the same story? Name one thing that this comparison keeps equal and that
# report did not, and one thing that even this comparison does not settle.

# %% [markdown] nbgrader={"grade": true, "grade_id": "discussion-s001-2_2_3a", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Numbers** (three seeds each; your numbers will differ a little). Loss in nats per token: encoder-decoder 0.004 to 0.006,
# decoder-only 0.019 to 0.024, prefix 0.029 to 0.053. Words right in every letter: 0.986 to 0.991, 0.929 to 0.953, 0.883 to 0.930.
#
# **The claim** does not hold here. At the same size, on the same words, with the same number of updates, every
# encoder-decoder run beats every decoder-only run on both measures. (All three kinds do translate: "only the decoder-only
# model was right" does not hold either.)
#
# **The prefix mask** did not help: on loss every prefix run is worse than every causal run, on words the ranges overlap, so
# there is no clear difference. Seeing more is an opportunity and not a gift; with 990 updates the model may not have learnt to use it.
#
# **Two measures.** They order the three kinds alike, and they need not: loss is measured with the true letters shown, words are
# written by the model itself and need every letter. A difference of 0.02 nats per token looks like nothing and is four words in a
# hundred.
#
# **Held equal here**: size (ratio 1.03), words, updates, seeds. **Not settled**: the learning rate is the same for
# all three, and that is not the same as being the best for each. (At 3e-3 instead of 8e-3 we saw the prefix models at 0.25 to
# 0.33 nats, far behind.) Nor does equal size settle the shape: on other words, six layers of width 36 came to 0.009 to 0.015
# with the causal mask, three of width 50 to 0.032 to 0.048. Longer training or more words could change the order, too, and
# three seeds are few.
# ### END SOLUTION

# %% [markdown]
# # Part 7: What it costs
#
# **Why.** One stack instead of two sounds like half the work. Attention is where the length of a sequence hurts, because each
# token looks at each other token, so count there: a *score* is one pair of a query and a key.
#
# **The idea.** Take a source of $n$ tokens and a translation of $m$ tokens, one layer, one head.
#
# | `kind` | which pairs count |
# |---|---|
# | `"decoder_only"` | one causal sequence of $n + m$ tokens: pairs that the mask allows |
# | `"encoder_decoder"` | encoder: each source token looks at each; decoder: causal over its own $m$ tokens; and each of these looks at all source tokens. Pairs that are allowed |
# | `"decoder_only_full"` | the same decoder-only model when all pairs are computed, and those that are not allowed thrown away afterwards (as most code does, ours too) |
# | `"encoder_decoder_full"` | the encoder-decoder computed in that way |
#
# **By hand.** $n = 1$, $m = 1$: a causal sequence of two tokens has 3 allowed pairs. So has the encoder-decoder; which ones?
#
# **A trap.** The decoder of an encoder-decoder has *two* attentions per layer.
#
# **Your task** (s001-2.2.3b). The four counts, as numbers. For any other `kind`, raise `ValueError`.


# %% nbgrader={"grade": false, "grade_id": "s001-2_2_3b", "locked": false, "schema_version": 3, "solution": true, "task": false}
def score_counts(n, m, kind):
    """How many attention scores one layer has for a source of n and a translation of m tokens (ints >= 0)."""
    ### BEGIN SOLUTION
    if kind == "decoder_only":
        return (n + m) * (n + m + 1) // 2
    if kind == "encoder_decoder":
        return n * n + m * (m + 1) // 2 + m * n
    if kind == "decoder_only_full":
        return (n + m) ** 2
    if kind == "encoder_decoder_full":
        return n * n + m * m + m * n
    raise ValueError(f"unknown kind {kind!r}")
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s001-2_2_3b", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
def public_tests_counts():
    kinds = ("decoder_only", "encoder_decoder", "decoder_only_full", "encoder_decoder_full")
    for kind in kinds:
        assert score_counts(5, 0, kind) > 0, "the source alone has scores too"
        assert score_counts(4, 7, kind) <= score_counts(4, 8, kind), "a longer translation does not have fewer scores"
    assert score_counts(1, 1, "decoder_only") == score_counts(1, 1, "encoder_decoder") == 3
    for kind in kinds[:2]:
        assert score_counts(6, 4, kind) < score_counts(6, 4, f"{kind}_full"), "masks leave out something"
    print("public tests of part 7 passed")


public_tests_counts()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "decoder_only_nmt",
    "s001-2.2.3b",
    globals(),
    checks=[
        "causal_sequence_counts_its_triangle",
        "encoder_decoder_counts_three_attentions",
        "full_sequence_counts_its_square",
        "full_encoder_decoder_counts_rectangles",
        "source_and_translation_are_told_apart",
        "unknown_kinds_are_refused",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s001-2.2.3b, read by a person; six to ten sentences). Pros and cons of the decoder-only approach to
# translation, with reasons. Use your counts at least once: when does which model need fewer scores? Then judge this sentence:
# "a decoder-only model is slow because it reads the whole source again for every letter that it writes". (Under the causal
# mask, which states change when a token is appended? And under the prefix mask?)

# %% [markdown] nbgrader={"grade": true, "grade_id": "balance-s001-2_2_3b", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Pros.** One stack and one kind of layer, so less code. One objective, next-token prediction, which also fits text without
# any translation, so such a model can be trained on much more than pairs. A letter of the translation looks at the source and
# at what is already written in *one* attention and can weigh the two against each other.
#
# **Cons.** Under the causal mask source states look one way only; the prefix mask mends that, and gives up the loss on the
# source. Source and translation share one window of positions, and the model must find out from the position of EOP where
# in the source it is; cross-attention has two separate counts. It needs a sign of its own, EOP. The same weights must read and write.
#
# **Scores.** Allowed pairs: $(n+m)(n+m+1)/2$ against $n^2 + m(m+1)/2 + nm$. The difference is $n(n-1)/2$: the decoder-only model
# never has more, because its source is read causally (for $n = 8$, $m = 10$: 171 against 199). With the prefix mask the
# two are equal: its allowed pairs are those of the encoder-decoder. If all pairs are computed and then masked, the
# decoder-only model has $nm$ more (324 against 244). So which one is cheaper depends on the implementation.
#
# **The sentence** blames the architecture for an implementation. Under the causal mask no earlier state changes when a token is
# appended; keep keys and values of the past (a KV cache) and each new token costs one row of scores. The same holds under the
# prefix mask, because the prefix never sees what is written. Our `greedy_decode` does compute everything again; it could do without.
# ### END SOLUTION

# %% [markdown]
# ## What does not hold
#
# Three things that are easily said about this comparison, and that it does not show. *"One run was better, so the architecture
# is"*: look at how far three seeds of one kind lie apart. *"The mask that sees more must do better"*: more freedom is more to
# learn, and 22 epochs on 2,600 words are few. *"So this is how it is for large models"*: nothing here is large. What you can
# take with you is the way of asking.
