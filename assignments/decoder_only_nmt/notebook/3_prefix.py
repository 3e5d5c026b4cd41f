# %% [markdown]
# # Part 3: Two halves, two rules
#
# **Why.** "Nobody looks ahead" is there to stop the model from reading the answer. But in a translation the
# source is not the answer. It is all there before the first letter is written, and yet the causal mask makes
# its first letter blind to its second. An encoder has no such blinkers. Nor need a decoder-only model:
#
# **The idea.** Give the two halves two rules. The first $n$ tokens (the *prefix*) all see one another, ahead
# and back. The $m$ tokens after them see the whole prefix, themselves, and what came before them. The prefix
# never sees what comes after it. This is known as a *prefix language model*
# (compared with other masks in [Raffel et al. 2020](https://arxiv.org/abs/1910.10683), for one).
#
# **By hand.** $n = 2$, $m = 1$: the first row is `True, True, False`. What are the other two?
#
# **A trap.** Rows are queries (who looks), columns are keys (who is looked at). A mask with the two swapped has the
# right shape and lets the source read its own translation.
#
# **Your task** (s004-1.13). The mask. It should work for $n = 0$ and for $m = 0$ as well, down to a single token; what do
# you get then?


# %% answer="s004-1.13"
def prefix_mask(n, m):
    """(n + m, n + m) bool, True where row i may look at column j: a prefix of n tokens, then m tokens.

    n, m: ints >= 0.
    """
    ### BEGIN SOLUTION
    place = torch.arange(n + m)
    return (place[None, :] <= place[:, None]) | (place[None, :] < n) & (place[:, None] < n)
    ### END SOLUTION


# %% tests="s004-1.13"
def public_tests_mask():
    mask = torch.as_tensor(prefix_mask(2, 3))
    assert tuple(mask.shape) == (5, 5), f"one row and one column per token: (5, 5), not {tuple(mask.shape)}"
    assert mask.dtype == torch.bool, "the attention above wants True and False, not numbers"
    assert mask.diagonal().all(), "every token sees itself"
    assert mask[0, 1], "the first token of the prefix should see the second"
    assert not mask[2, 3], "a token after the prefix must not look ahead"
    for n, m in ((0, 1), (1, 0)):
        alone = torch.as_tensor(prefix_mask(n, m))
        assert alone.tolist() == [[True]], f"a single token sees itself: prefix_mask({n}, {m}) is [[True]]"
    print("public tests of part 3 passed")


public_tests_mask()

# %% [markdown]
# The two masks over `pig` and its translation, rows looking at columns. Green cells look ahead. Framed: the first letter
# of the source. (▸ is SOS, ¦ is EOP; EOS is never read.)

# %% figure="picture-masks"
pig = ["SOS", *"pig", "EOP", *"igpay"]
pictures.when_ready(
    "prefix_mask",
    lambda: mask_pictures.masks_side_by_side({"causal": causal_mask(10), "prefix": prefix_mask(5, 5)}, pig, query=1),
)

# %% [markdown]
# What the `p` of `pig` may look at, under either mask. To know that it has to move to the end, it must know that
# the next letter is a vowel.

# %% figure="picture-view"
pictures.when_ready(
    "prefix_mask",
    lambda: mask_pictures.what_it_sees(pig, {"causal": causal_mask(10), "prefix": prefix_mask(5, 5)}, query=1),
)

# %% [markdown]
# **Write it down** (s004-1.13, read by a person; three to five sentences). A task hands you the whole source before
# the first output token is due. What does a *causal* decoder-only model give up on such a task, and what does it
# not give up? (Some say that it "cannot make use of the encoded input". Is that so?) Name one remedy and one thing
# that the remedy costs.

# %% [markdown] answer="s004-1.13-limits" grade_id="limits-s004-1_13"
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
