# %% [markdown]
# # Part 3: Reading and writing
#
# Three questions. More than one letter may be right.
#
# **s000-2.03** For which of these tasks is a many-to-one RNN the right shape?
# **a** speech recognition: from a recording to its transcript · **b** sentiment: from a text to 0 or 1 · **c** from a recording of a voice to one label for its speaker
#
# **s000-2.08** A recurrent language model is trained, and you sample *random* sentences from it. What happens at each step $t$?
# **a** take the word of highest probability as $y_t$; the next step reads the word of the training text · **b** draw $y_t$ from the probabilities; the
# next step reads the word of the training text · **c** take the word of highest probability as $y_t$; the next step reads this word · **d** draw $y_t$ from the
# probabilities; the next step reads this word
#
# **s000-2.11** Beside RNN and fixed-window language models, where do those with attention gain most?
# **a** on long inputs · **b** on short inputs

# %% solution="predict-reading"
# predicted["s000-2.03"] = ({"..."}, 0.5), and so on for 2.08 and 2.11
### BEGIN SOLUTION
predicted["s000-2.03"] = ({"b", "c"}, 0.8)
predicted["s000-2.08"] = ({"c", "d"}, 0.7)
predicted["s000-2.11"] = ({"a"}, 0.9)
### END SOLUTION

# %% [markdown]
# ## 3.1 One answer from many states
#
# **The idea.** A many-to-one network reads a whole sequence and gives one vector: the state after the *last token that is there*. In a batch, short sequences are padded at
# the end, and what the network makes of the padding is no one's business.
#
# **By hand.** Two sequences of lengths 3 and 1, padded to 3: the first gives its third state, the second its first.
#
# **Your task** (s000-2.03, the read-out).

# %% answer="s000-2.03-readout"
def read_out(states: Tensor, lengths: Tensor) -> Tensor:
    """The state at the last token of each sequence: (b, n, h) states, (b,) int64 lengths from 1 to n -> (b, h)."""
    ### BEGIN SOLUTION
    return states[torch.arange(len(states)), lengths - 1]
    ### END SOLUTION

# %% tests="s000-2.03-readout"
def public_tests_read_out():
    states = torch.arange(24, dtype=torch.float64).reshape(2, 3, 4)
    found = read_out(states, torch.tensor([3, 1]))
    assert tuple(found.shape) == (2, 4), "one vector for each sequence"
    assert torch.equal(found[0], states[0, 2]), "a sequence that fills its row: the last state"
    assert torch.equal(found[1], states[1, 0]), "a padded sequence: the state at its own last token"
    assert torch.equal(read_out(states[:1, :1], torch.tensor([1])), states[:1, 0]), "one sequence of one token"
    slopes = states.clone().requires_grad_(True)
    read_out(slopes, torch.tensor([2, 1])).sum().backward()
    assert slopes.grad is not None and float(slopes.grad.sum()) == 8, "gradients reach the states that were read"


public_tests_read_out()

# %% [markdown]
# **Measure.** The three tasks in small: recordings of 4 to 10 frames with transcripts of two sounds; texts in which "not" turns the next word; voices that differ in one band. The same
# many-to-one network learns each, with your read-out, and is right if it gives the *whole* output.

# %% figure="read-once"
def read_once():
    shares = {}
    for name in tasks.NAMES:
        outputs = [len(out) for out in tasks.task(name, 300, 5).outputs]
        shares[name] = [tasks.read_once(name, read_out, seed) for seed in (1, 2)]
        print(f"{name:22} outputs are {min(outputs)} to {max(outputs)} labels long; right: {np.mean(shares[name]):.2f} ({min(shares[name]):.2f} to {max(shares[name]):.2f}, two seeds)")
    return concept_pictures.spread(shares, y="share of whole outputs that are right")


when_ready("read_out", read_once)

# %% answer="s000-2.03"
# replace the dots in  answers["s000-2.03"] = {"..."}
### BEGIN SOLUTION
answers["s000-2.03"] = {"b", "c"}
### END SOLUTION

# %% tests="s000-2.03"
has_letters("s000-2.03", "abc")

# %% [markdown]
# ## 3.2 Random sentences
#
# **The idea.** The model gives scores; a softmax makes probabilities of them. To *sample* is to draw a token with just these probabilities. All randomness comes from a generator that is
# handed in, so the same seed gives the same sentence.
#
# **Traps.** `torch.multinomial` wants probabilities, not scores. Scores may be in the thousands, or $-\infty$ for what must never come. Whoever seeds inside the function draws the same token for ever.
#
# **Your task** (s000-2.08, one step).

# %% answer="s000-2.08-sample"
def sample_step(logits: Tensor, generator: torch.Generator) -> int:
    """A token drawn from the softmax of logits (V,), with the generator's randomness and no other."""
    ### BEGIN SOLUTION
    return int(torch.multinomial(torch.softmax(logits, dim=-1), 1, generator=generator))
    ### END SOLUTION

# %% tests="s000-2.08-sample"
def public_tests_sample():
    logits = torch.log(torch.tensor([0.6, 0.3, 0.1], dtype=torch.float64))
    drawn = torch.Generator().manual_seed(5)
    tokens = [int(sample_step(logits, drawn)) for _ in range(2000)]
    for token, chance in enumerate((0.6, 0.3, 0.1)):
        share = tokens.count(token) / 2000
        assert abs(share - chance) < 4 * math.sqrt(chance * (1 - chance) / 2000), f"token {token} comes as often as it should"
    shifted = [int(sample_step(logits + 2000, drawn)) for _ in range(200)]
    assert len(set(shifted)) > 1, "scores of several thousand: a common shift changes nothing"
    barred = torch.tensor([0.0, float("-inf"), 0.0], dtype=torch.float64)
    assert 1 not in [int(sample_step(barred, drawn)) for _ in range(100)], "a score of minus infinity: never drawn"
    again = [[int(sample_step(logits, made)) for _ in range(30)] for made in (torch.Generator().manual_seed(1), torch.Generator().manual_seed(1))]
    assert again[0] == again[1], "the same seed gives the same tokens: use the generator that you are given"
    torch.manual_seed(0)
    one = [int(sample_step(logits, torch.Generator().manual_seed(seed))) for seed in range(40)]
    assert len(set(one)) > 1, "other seeds give other tokens: no seed inside"
    assert int(sample_step(logits[:1], drawn)) == 0, "a vocabulary of one token"


public_tests_sample()

# %% [markdown]
# **Measure.** A hundred sentences of six tokens, each step by your function, and a hundred by taking the likeliest token. How many different ones come out of each? (And where would a
# training text come from, now that there is none?)

# %% figure="random-sentences"
def random_sentences():
    model, drawn = tables.LanguageModel(6, seed=9), torch.Generator().manual_seed(2)
    for name, step in (("drawn", lambda s: int(sample_step(s, drawn))), ("likeliest", lambda s: int(s.argmax()))):
        found = []
        for _ in range(100):
            words = []
            while len(words) < 6:
                words.append(step(model.scores(words)))
            found.append(" ".join(stacks.WORDS[word] for word in words))
        print(f"{name:9} {len(set(found)):3} different sentences in 100, such as: {' | '.join(sorted(set(found))[:3])}")


when_ready("sample_step", random_sentences)

# %% answer="s000-2.08"
# replace the dots in  answers["s000-2.08"] = {"..."}
### BEGIN SOLUTION
answers["s000-2.08"] = {"d"}
### END SOLUTION

# %% tests="s000-2.08"
has_letters("s000-2.08", "abcd")

# %% [markdown]
# ## 3.3 How far back?
#
# **Measure.** Three readers learn to give back the *first* word of a sequence once it has ended: one that sees the last four words, a plain RNN, and one with attention. All are trained alike,
# for 100 updates, two seeds each (dots). Guessing gives a quarter. Where does attention gain most over the others?

# %% figure="reach"
def how_far():
    curves = {name: {n: [reach.recall(name, n, seed) for seed in (1, 2)] for n in (4, 12, 28)} for name in reach.READERS}
    return concept_pictures.distance(curves, guess=0.25)


how_far()

# %% answer="s000-2.11"
# replace the dots in  answers["s000-2.11"] = {"..."}
### BEGIN SOLUTION
answers["s000-2.11"] = {"a"}
### END SOLUTION

# %% tests="s000-2.11"
has_letters("s000-2.11", "ab")
