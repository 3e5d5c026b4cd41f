# %% [markdown]
# # Part 4: Shapes
#
# Three questions. More than one letter may be right.
#
# **s000-2.05** A *base* Transformer (without anything task-specific on top) reads a batch of texts. How many axes has the tensor that it gives, and which?
# **a** two: sequence length and batch size · **b** two: sequence length and hidden size · **c** three: sequence length, batch size and hidden size (in whatever order)
#
# **s000-2.12** What is a model head?
# **a** a part of the base network that leads tensors to the layers they belong to · **b** another word for self-attention: it adapts what stands for a token to the other tokens ·
# **c** an additional part, mostly a layer or a few, that turns what the base network gives into the output of a task
#
# **s000-2.13** Which techniques does one need to know to batch sequences of different lengths?
# **a** truncating · **b** returning tensors · **c** padding · **d** attention masks

# %% solution="predict-shapes"
# predicted["s000-2.05"] = ({"..."}, 0.5), and so on for 2.12 and 2.13
### BEGIN SOLUTION
predicted["s000-2.05"] = ({"c"}, 0.8)
predicted["s000-2.12"] = ({"c"}, 0.9)
predicted["s000-2.13"] = ({"c", "d"}, 0.6)
### END SOLUTION

# %% [markdown]
# ## 4.1 Two heads for one body
#
# **The idea.** A *head* is small and knows the task; the base model below knows the language. Here are two. A *token head* gives scores to every token, as language models
# do: $s\,W^\top + b$. A *text head* gives scores to a text: it takes the mean of the states of the *real* tokens, then does the same.
#
# **Traps.** Scores, not probabilities: no softmax here. Padding does not count, neither in the sum nor in the number that divides it, and states at padding may be large. $W$ has a row for each class.
#
# **Your task** (s000-2.12, two heads).

# %% answer="s000-2.12-heads"
def token_head(states: Tensor, W: Tensor, b: Tensor) -> Tensor:
    """Scores of each token: states (batch, n, h), W (c, h), b (c,) -> (batch, n, c)."""
    ### BEGIN SOLUTION
    return states @ W.T + b
    ### END SOLUTION


def text_head(states: Tensor, mask: Tensor, W: Tensor, b: Tensor) -> Tensor:
    """Scores of each text, from the mean state of its real tokens: states (batch, n, h), mask (batch, n) int64 with 1 for
    a real token (at least one in each row) and 0 for padding, W (c, h), b (c,) -> (batch, c)."""
    ### BEGIN SOLUTION
    kept = mask[..., None].to(states.dtype)
    mean = (states * kept).sum(dim=1) / kept.sum(dim=1)
    return mean @ W.T + b
    ### END SOLUTION

# %% tests="s000-2.12-heads"
def public_tests_heads():
    drawn = torch.Generator().manual_seed(7)
    states, W = torch.randn(2, 3, 4, generator=drawn, dtype=torch.float64), torch.randn(5, 4, generator=drawn, dtype=torch.float64)
    b, mask = torch.randn(5, generator=drawn, dtype=torch.float64), torch.tensor([[1, 1, 0], [1, 1, 1]])
    tokens, texts = token_head(states, W, b), text_head(states, mask, W, b)
    assert tuple(tokens.shape) == (2, 3, 5), "token head: scores for every token"
    assert torch.allclose(tokens[1, 2], W @ states[1, 2] + b), "token head: W times the state, plus b; scores, no softmax"
    assert tuple(texts.shape) == (2, 5), "text head: scores for every text"
    assert torch.allclose(texts[0], W @ states[0, :2].mean(0) + b), "text head: the mean state of the real tokens"
    assert torch.allclose(texts[1], W @ states[1].mean(0) + b), "text head: all tokens of a full text, beside a short one, too"
    spoiled = states.clone()
    spoiled[0, 2] = 1e6
    assert torch.allclose(text_head(spoiled, mask, W, b)[0], texts[0]), "text head: padding may hold anything"
    assert tuple(text_head(states[:1, :1], mask[:1, :1], W[:1], b[:1]).shape) == (1, 1), "text head: one token, one class"
    assert tuple(token_head(states[:1, :1], W[:1], b[:1]).shape) == (1, 1, 1), "token head: one token, one class"
    single = [part.float() for part in (states, W, b)]
    assert token_head(*single).dtype == torch.float32, "token head: float32 stays float32"
    assert text_head(single[0], mask, *single[1:]).dtype == torch.float32, "text head: float32 stays float32"
    whole = text_head(states[:, :, :1], mask, W[:, :1], b)
    assert tuple(whole.shape) == (2, 5), "text head: states of one number"


public_tests_heads()

# %% [markdown]
# **Measure.** The stack of part 2 as a base, and your heads on it. Which axes does the base give, whatever the task? Which does a head change?

# %% figure="shapes"
def shapes():
    with torch.no_grad():
        words = stacks.sentences(2, 7, 1)
        states = stacks.Stack(causal=True).states(words)
        print(f"word numbers                  {tuple(words.shape)}: batch, sequence")
        print(f"base model                    {tuple(states.shape)}: {states.ndim} axes")
        for name, classes in (("next of 6 words", 6), ("one of 3 tags", 3)):
            print(f"token head, {name:17} {tuple(token_head(states, torch.zeros(classes, 32), torch.zeros(classes)).shape)}")
        print(f"text head, one of 2 classes   {tuple(text_head(states, torch.ones_like(words), torch.zeros(2, 32), torch.zeros(2)).shape)}")


when_ready("text_head", shapes)

# %% answer="s000-2.05"
# replace the dots in  answers["s000-2.05"] = {"..."}
### BEGIN SOLUTION
answers["s000-2.05"] = {"c"}
### END SOLUTION

# %% tests="s000-2.05"
has_letters("s000-2.05", "abc")

# %% answer="s000-2.12"
# replace the dots in  answers["s000-2.12"] = {"..."}
### BEGIN SOLUTION
answers["s000-2.12"] = {"c"}
### END SOLUTION

# %% tests="s000-2.12"
has_letters("s000-2.12", "abc")

# %% [markdown]
# ## 4.2 A batch of different lengths
#
# **The idea.** A tensor has rows of one length, texts have not. So long ones are cut, short ones are filled up, and a *mask* says what is real.
#
# **By hand.** `[[5, 6, 7], [8]]`, at most 2, filled up with 0: ids `[[5, 6], [8, 0]]`, mask `[[1, 1], [1, 0]]`.
#
# **Traps.** The number that fills up may also be a real token. Rows are as long as the longest text *after* cutting, not as long as the most that is allowed. Keep the beginning, fill up at the end.
#
# **Your task** (s000-2.13, a batch).

# %% answer="s000-2.13-batch"
def make_batch(sequences: list[list[int]], pad: int, most: int) -> tuple[Tensor, Tensor]:
    """(ids, mask), both (b, n) int64: each sequence cut to at most `most` tokens and filled up with `pad`; mask is 1 for
    real tokens. n: length of the longest one after cutting. Each sequence has at least one token; most >= 1."""
    ### BEGIN SOLUTION
    kept = [sequence[:most] for sequence in sequences]
    n = max(len(sequence) for sequence in kept)
    ids = torch.tensor([sequence + [pad] * (n - len(sequence)) for sequence in kept])
    mask = torch.tensor([[1] * len(sequence) + [0] * (n - len(sequence)) for sequence in kept])
    return ids, mask
    ### END SOLUTION

# %% tests="s000-2.13-batch"
def public_tests_batch():
    def lists(pair):
        return [torch.as_tensor(part).tolist() for part in pair]

    ids, mask = lists(make_batch([[5, 6, 7], [8]], 0, 2))
    assert ids == [[5, 6], [8, 0]], "ids by hand: the beginning stays, the end is filled up"
    assert mask == [[1, 1], [1, 0]], "mask by hand: 1 for what is real"
    ids, mask = lists(make_batch([[4], [3, 9, 3]], 3, 8))
    assert ids == [[4, 3, 3], [3, 9, 3]], "ids: as long as the longest, not as long as allowed"
    assert mask == [[1, 0, 0], [1, 1, 1]], "mask: a real token may be the number that fills up"
    assert lists(make_batch([[2]], 0, 1)) == [[[2]], [[1]]], "one sequence of one token"
    given = [[1, 2, 3], [4]]
    made = make_batch(given, -1, 3)
    assert given == [[1, 2, 3], [4]], "the sequences stay as they were"
    assert torch.as_tensor(made[0]).dtype == torch.int64, "ids are whole numbers: int64"


public_tests_batch()

# %% [markdown]
# **Measure.** One text, read alone and then in a batch with a longer one, through a random base (an average over what each place hears). How far is its score from the score that it has alone? With your mask, and
# with all places counted as real. And does it matter whether the batch comes as tensors or as lists?

# %% figure="padded"
def padded():
    drawn = torch.Generator().manual_seed(3)
    table, W, b = torch.randn(10, 8, generator=drawn), torch.randn(1, 8, generator=drawn), torch.zeros(1)
    apart = {"your mask": [], "all places real": []}
    for longer in range(4, 13):
        short, long = [1, 2, 3], [4 + k % 6 for k in range(longer)]
        ids, mask = (torch.as_tensor(part) for part in make_batch([short, long], 0, 12))
        alone = text_head(table[torch.tensor([short])], torch.ones(1, 3, dtype=torch.int64), W, b)
        for name, used in (("your mask", mask), ("all places real", torch.ones_like(mask))):
            apart[name].append(abs(float(text_head(table[ids], used, W, b)[0, 0] - alone[0, 0])))
    return concept_pictures.spread(apart, y="distance to the score of the text alone", zero=0.0)


when_ready("make_batch", padded)

# %% answer="s000-2.13"
# replace the dots in  answers["s000-2.13"] = {"..."}
### BEGIN SOLUTION
answers["s000-2.13"] = {"a", "c", "d"}
### END SOLUTION

# %% tests="s000-2.13"
has_letters("s000-2.13", "abcd")
