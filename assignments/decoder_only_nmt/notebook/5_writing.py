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

# %% locked="limits"
MAX_TRANSLATION = 20  # tokens that a translation may have, EOS included
MAX_LEN = 40  # positions that the models of part 6 have


# %% answer="s001-2.2.3a-write"
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

    Right means every letter, and then EOS. pairs: list or tuple of (word, translation), of any lengths, in any order, one
    at least; a translation may take MAX_TRANSLATION tokens. Both numbers are plain floats.
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


# %% tests="s001-2.2.3a-write"
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
        single = torch.as_tensor(greedy_decode(toy, source[:1].clone(), 27, 28, 1, prefix=True))
        other = torch.as_tensor(greedy_decode(toy, source.clone(), 28, 3, 20))
    assert short.dim() == 2 and len(short) == 2 and short.shape[1] <= 2, (
        "max_length counts the tokens written: two rows of at most 2"
    )
    assert tuple(single.shape) == (1, 1), "one word, one token: both axes stay"
    assert (other == 3).any(dim=1).all(), "which token starts and which one ends comes as an argument"
    assert found.dtype == torch.int64, "tokens are integers"
    assert found.shape[1] < 20, "both words say EOS early, so there is no need to write on"
    assert (found == 28).any(dim=1).all(), "both words should come to an end"
    got = measure(toy, [("uv", vocabulary.decode(found[0])), ("ji", "wrong")], prefix=False)
    assert set(got) == {"loss", "exact"}, "measure returns a dict with the keys loss and exact"
    assert abs(got["exact"] - 0.5) < 1e-9, "one of the two words is exactly what the toy writes"
    assert got["loss"] > 0, "a loss in nats per token is positive"
    single = measure(toy, [("uv", "wrong")], prefix=True)
    assert single["exact"] == 0 and single["loss"] != got["loss"], "one word has its own numbers"
    print("public tests of part 5 passed")


public_tests_writing()
