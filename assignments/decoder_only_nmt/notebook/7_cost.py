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


# %% answer="s001-2.2.3b"
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


# %% tests="s001-2.2.3b"
def public_tests_counts():
    kinds = ("decoder_only", "encoder_decoder", "decoder_only_full", "encoder_decoder_full")
    for kind in kinds:
        assert score_counts(5, 0, kind) > 0, "the source alone has scores too"
        assert score_counts(0, 0, kind) == 0, "without tokens there is nothing to look at"
        assert score_counts(4, 7, kind) <= score_counts(4, 8, kind), "a longer translation does not have fewer scores"
    assert score_counts(1, 1, "decoder_only") == score_counts(1, 1, "encoder_decoder") == 3
    for kind in kinds[:2]:
        assert score_counts(6, 4, kind) < score_counts(6, 4, f"{kind}_full"), "masks leave out something"
    print("public tests of part 7 passed")


public_tests_counts()

# %% [markdown]
# **Write it down** (s001-2.2.3b, read by a person; six to ten sentences). Pros and cons of the decoder-only approach to
# translation, with reasons. Use your counts at least once: when does which model need fewer scores? Then judge this sentence:
# "a decoder-only model is slow because it reads the whole source again for every letter that it writes". (Under the causal
# mask, which states change when a token is appended? And under the prefix mask?)

# %% [markdown] answer="s001-2.2.3b-balance" grade_id="balance-s001-2_2_3b"
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
