# %% [markdown]
# # Part 2: Who hears whom?
#
# Five questions, and one tool that answers most of them: change an input, and look which outputs move. More than one letter may be right.
#
# **s000-2.01** Which kind of model, as a rule, continues a prompt with text?
# **a** an encoder · **b** a decoder
#
# **s000-2.02** Which kind of model does one *typically* take to sort texts into given classes, where nothing is to be written?
# **a** an encoder · **b** a decoder
#
# **s000-2.06** A recurrent language model is being trained. What does it estimate at step $t$? (The best answer.)
# **a** $P(y_1, \dots, y_{t-1})$ · **b** $P(y_1)$ · **c** $P(y_t \mid y_1, \dots, y_{t-1})$ · **d** $P(y_t \mid y_1, \dots, y_t)$
#
# **s000-2.09** Your crab's mood depends on the weather of today and of the last few days. You have 42 days of weather $x_1, \dots, x_{42}$ and of mood
# $y_1, \dots, y_{42}$, and want a model from $x$ to $y$. One direction, or two?
# **a** two, since the mood of day $t$ can then draw on more information · **b** two, since backpropagation then gets more exact gradients ·
# **c** one, since $y_t$ depends on $x_1, \dots, x_t$ and not on $x_{t+1}, \dots, x_{42}$ · **d** one, since $y_t$ depends on the weather of day $t$ and of no other day
#
# **s000-2.10** In an encoder-decoder translator, the encoder models the probability $P(x)$ of the source sentence, which is what makes the whole a *conditional* language model.
# **a** true · **b** false
#
# **Predict first.** For each question the letters, and how sure you are that exactly these are right: from about $1/k$ (guessing among $k$) to 1. Replace the dots, and
# do not come back to this cell.

# %% solution="predict-hearing"
# predicted["s000-2.01"] = ({"..."}, 0.5), and so on for 2.02, 2.06, 2.09 and 2.10
### BEGIN SOLUTION
# (What somebody might have thought before: a solution may predict wrongly.)
predicted["s000-2.01"] = ({"b"}, 0.9)
predicted["s000-2.02"] = ({"a"}, 0.7)
predicted["s000-2.06"] = ({"c"}, 0.8)
predicted["s000-2.09"] = ({"a"}, 0.6)
predicted["s000-2.10"] = ({"b"}, 0.6)
### END SOLUTION

# %% [markdown]
# ## 2.1 What an output depends on
#
# **The idea.** A model turns $n$ vectors into $n$ vectors. Output $t$ *depends* on input $s$ if some small change of $x_s$ changes $y_t$. Ask the derivatives, or nudge the
# input and look. Do not ask the model's name.
#
# **Traps.** An input may be exactly zero, so that multiplying it changes nothing. A model may ignore some of the numbers in a vector, and fill some of its
# outputs with zeros. Some dependences are weak: a hundred-thousandth of others is still a dependence, a rounding error of $10^{-15}$ is none. And gradients *add up* in `.grad`
# from one `backward()` to the next.
#
# **Your task** (s000-2.09, the tool).

# %% answer="s000-2.09-depends"
def depends(model: nn.Module, x: Tensor) -> np.ndarray:
    """(n, n) booleans: entry [t, s] says whether output t of model(x) depends on input s.

    model: (n, d) -> (n, k), smooth; x: (n, d) float64. Neither is changed.
    """
    ### BEGIN SOLUTION
    slopes = torch.autograd.functional.jacobian(model, x)  # (n, k, n, d)
    return (slopes.abs().amax(dim=(1, 3)) > 1e-9).numpy()
    ### END SOLUTION

# %% tests="s000-2.09-depends"
def public_tests_depends():
    rule = [[True, False, True, False], [False, False, False, True], [True, True, False, False], [False, True, True, True]]
    x = torch.randn(4, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    for weak, deaf in ((1.0, False), (1e-5, False), (1.0, True)):
        model = wiring.Wiring(rule, 3, 2, seed=2, weak=weak, deaf=deaf)
        for zero in (False, True):
            given = x.clone()
            if zero:
                given[1] = 0.0
            kept = given.clone()
            found = np.asarray(depends(model, given))
            assert found.shape == (4, 4), "a row for each output and a column for each input"
            told = f"weak {weak:g}, {'deaf' if deaf else 'all heard'}, {'an input of zeros' if zero else 'generic inputs'}"
            assert np.array_equal(found.astype(bool), rule), f"true where output t hears input s: {told}"
            assert torch.equal(given, kept), "x stays as it was: work on a copy"
    one = np.asarray(depends(wiring.Wiring([[True]], 3, 2), x[:1]))
    assert one.shape == (1, 1) and bool(one[0, 0]), "a sequence of one vector"
    for kind in wiring.KINDS:
        assert np.asarray(depends(wiring.network(kind), x)).shape == (4, 4), f"networks: {kind}"


public_tests_depends()

# %% [markdown]
# **Measure.** Four untrained networks; whose outputs hear the future? The crab's mood on day 20 cannot know the weather of day 21; and if you want tomorrow's
# model to run *today*, which networks can?

# %% figure="heard"
def who_hears():
    x = torch.randn(6, 3, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
    return concept_pictures.heard({kind: depends(wiring.network(kind, seed=1), x) for kind in wiring.KINDS})


when_ready("depends", who_hears)

# %% answer="s000-2.09"
# What holds for the crab, after measuring: replace the dots in  answers["s000-2.09"] = {"..."}
### BEGIN SOLUTION
answers["s000-2.09"] = {"c"}
### END SOLUTION

# %% tests="s000-2.09"
has_letters("s000-2.09", "abcd")

# %% [markdown]
# ## 2.2 Who can write?
#
# **Measure.** A language of six words in which each word may be followed by two others (the likelier with 0.75), so the best possible loss is known: 0.562 nats per word.
# The same small stack is trained twice to give the next word at each place: once with a causal mask (as in a decoder), once without (as in an encoder). Then
# each writes. *Lawful* is the share of neighbouring words that the language allows; by chance it is a third. (It takes a few seconds.)

# %% figure="who-writes"
def who_writes():
    lawful = {}
    for name, causal in (("causal mask", True), ("no mask", False)):
        runs = [stacks.trained(causal, seed) for seed in (1, 2)]
        losses = [loss for _, loss in runs]
        lawful[name] = [stacks.lawful(stacks.written(stack, 200, 12, 5)) for stack, _ in runs]
        print(f"{name:12} loss {np.mean(losses):.3f} nats per word ({min(losses):.3f} to {max(losses):.3f}, two seeds); best possible: {stacks.ENTROPY:.3f}")
    return concept_pictures.spread(lawful, y="share of lawful pairs in what it wrote", zero=1 / 3)


when_ready("depends", who_writes)

# %% [markdown]
# A loss *below* the best possible is no miracle: without a mask, the next word is among the inputs, and the stack copies it. When it writes, the next word is not
# there. What is a fault for writing is a virtue for sorting: in the squares above, how many of the words does each place of the two kinds of attention hear? A class
# may be read off any place, and its words may stand anywhere. (Decoders can classify too, from their last place.)

# %% answer="s000-2.01"
# replace the dots in  answers["s000-2.01"] = {"..."}
### BEGIN SOLUTION
answers["s000-2.01"] = {"b"}
### END SOLUTION

# %% tests="s000-2.01"
has_letters("s000-2.01", "ab")

# %% answer="s000-2.02"
# replace the dots in  answers["s000-2.02"] = {"..."}
### BEGIN SOLUTION
answers["s000-2.02"] = {"a"}
### END SOLUTION

# %% tests="s000-2.02"
has_letters("s000-2.02", "ab")

# %% [markdown]
# ## 2.3 The probability of a sentence
#
# **Why.** What a language model estimates at one step becomes clear if one asks what its steps are *worth together*.
#
# **The idea.** Row $t$ of `logits` holds the model's scores for the token at place $t$, after it has read the tokens before. A softmax makes probabilities of each row. By the
# *chain rule* the probability of the sentence is the product, so its logarithm is a sum:
#
# $$\ln P(y_1, \dots, y_T) = \sum_{t=1}^{T} \ln \operatorname{softmax}(\text{logits}_t)[y_t].$$
#
# **By hand.** Three tokens, all scores 0, $T = 2$: $\ln\frac13 + \ln\frac13 = -2.197$.
#
# **Traps.** A product of three thousand probabilities is 0 in float64, and its logarithm is minus infinity. Scores may be in the thousands.
#
# **Your task** (s000-2.06, the chain rule).

# %% answer="s000-2.06-chain"
def sentence_log_prob(logits: Tensor, tokens: Tensor) -> Tensor:
    """ln P of a sentence, in nats: one number, 0-dimensional, of the dtype of logits.

    logits: (T, V), row t for the token at place t; tokens: (T,) int64
    """
    ### BEGIN SOLUTION
    rows = torch.log_softmax(logits, dim=-1)
    return rows.gather(1, tokens[:, None]).sum()
    ### END SOLUTION

# %% tests="s000-2.06-chain"
def public_tests_sentence():
    flat = float(sentence_log_prob(torch.zeros(2, 3, dtype=torch.float64), torch.tensor([2, 0])))
    assert abs(flat + 2 * math.log(3)) < 1e-9, "by hand: -2.197; a sum of logarithms, over the tokens that are there"
    logits = torch.tensor([[0.0, 1.0, -2.0], [3.0, 0.5, 0.5]], dtype=torch.float64)
    every = [sentence_log_prob(logits, torch.tensor(pair)) for pair in tables.every(3, 2)]
    assert abs(sum(math.exp(float(part)) for part in every) - 1) < 1e-9, "the probabilities of all sentences sum to 1"
    assert sentence_log_prob(logits.float(), torch.tensor([0, 1])).dtype == torch.float32, "the dtype of the logits stays"
    one = float(sentence_log_prob(logits[:1], torch.tensor([1])))
    assert abs(one + math.log(1 + math.exp(-1) + math.exp(-3))) < 1e-9, "a sentence of one token"
    assert abs(float(sentence_log_prob(logits[:, :1], torch.tensor([0, 0])))) < 1e-9, "a vocabulary of one token: it is certain"
    large = float(sentence_log_prob(logits * 3000, torch.tensor([0, 1])))
    assert math.isfinite(large), "scores of several thousand: finite"
    long = float(sentence_log_prob(torch.zeros(3000, 3, dtype=torch.float64), torch.zeros(3000, dtype=torch.int64)))
    assert math.isfinite(long), "a sentence of 3000 tokens: finite; a product of so many probabilities is 0"
    slopes = torch.zeros(2, 3, dtype=torch.float64, requires_grad=True)
    sentence_log_prob(slopes, torch.tensor([2, 0])).backward()
    assert slopes.grad is not None, "gradients reach the logits: this is what training uses"


public_tests_sentence()

# %% [markdown]
# **Measure.** A recurrent model with random weights over three tokens. Its row $t$ is made from the tokens before $t$. If a row were about all that came before together (2.06 a), or knew its own token already (d), would
# this come out? And for 2.10: a translator with random weights. Sum its $P(y \mid x)$ over all $y$ for a fixed $x$; then over all $x$ for a fixed $y$. What could the encoder's state, which is any vector, be a
# probability of?

# %% figure="sums"
def sums():
    model, translator = tables.LanguageModel(3, seed=1), tables.Translator(2, seed=3)
    for T in (1, 2, 3):
        total = sum(math.exp(float(sentence_log_prob(model.logits(y), torch.tensor(y)))) for y in tables.every(3, T))
        print(f"language model: the probabilities of all {3**T:2} sentences of length {T} sum to {total:.6f}")
    mass = np.array([
        [math.exp(float(sentence_log_prob(translator.logits(x, y), torch.tensor(y)))) for y in tables.every(2, 3)]
        for x in tables.every(2, 2)
    ])
    print("translator: P(y | x) summed over all y, for each x:", np.round(mass.sum(1), 6))
    print("translator: P(y | x) summed over all x, for each y:", np.round(mass.sum(0), 3))
    print("translator: what the encoder makes of x = (0, 1):  ", np.round(translator.encode((0, 1)).numpy(), 2))
    print("below: does the row of place t change with the token at place s?")
    base = model.logits((0, 1, 2, 0))
    heard = np.zeros((4, 4), dtype=bool)
    for place in range(4):
        other = [(token + 1) % 3 if s == place else token for s, token in enumerate((0, 1, 2, 0))]
        heard[:, place] = (model.logits(other) != base).any(-1).numpy()
    return concept_pictures.heard({"language model": heard})


when_ready("sentence_log_prob", sums)

# %% answer="s000-2.06"
# replace the dots in  answers["s000-2.06"] = {"..."}
### BEGIN SOLUTION
answers["s000-2.06"] = {"c"}
### END SOLUTION

# %% tests="s000-2.06"
has_letters("s000-2.06", "abcd")

# %% answer="s000-2.10"
# replace the dots in  answers["s000-2.10"] = {"..."}
### BEGIN SOLUTION
answers["s000-2.10"] = {"b"}
### END SOLUTION

# %% tests="s000-2.10"
has_letters("s000-2.10", "ab")
