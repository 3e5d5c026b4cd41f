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
# **The unit.** A token that was given the probability $p$ costs $-\ln p$ *nats*: nothing if the model was sure of
# it, 0.69 at $p = 1/2$, 3.4 at $p = 1/30$. This number is also called the *surprise*, and a loss is a mean surprise.
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


# %% locked="toy"
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
# A batch may hold one word, and a translation may be nothing but EOS.
# (`token_loss`, imported above, adds up the cross-entropies of chosen tokens, `help(token_loss)` says how; you need not use it.)
# `decoder_loss` puts your pieces together: build the sequences, run the model under the right mask, count.
# The prefix is all that is known before writing begins: SOS, the source, and EOP.


# %% answer="s001-2.2.3a-loss"
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


# %% tests="s001-2.2.3a-loss"
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
    one = target_span_loss(torch.zeros(1, 2, 30), torch.tensor([[29, 28]]), 1, torch.tensor([[True]]))
    assert abs(float(one[0]) - 3.4012) < 1e-3 and int(one[1]) == 1, "one word, nothing but EOP and EOS: one token counts"
    toy = ToyTranslator(torch.randn(30, 30, generator=random))
    one = decoder_loss(toy, torch.tensor([[29]]), torch.tensor([[28]]), torch.tensor([[True]]))
    assert int(one[1]) == 1, "decoder_loss of one word that is nothing but EOS: one token counts"
    source, target = targets[:, :3], targets[:, 3:]
    with torch.no_grad():
        causal, prefix = (float(decoder_loss(toy, source, target, real, prefix=way)[0]) for way in (False, True))
    assert abs(causal - prefix) > 1e-3, "prefix=True should let the model look at the whole source"
    print("public tests of part 4 passed")


public_tests_loss()
